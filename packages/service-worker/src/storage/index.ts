export {BudgetPlugin} from './BudgetPlugin.ts';
export {budgets} from './budgets.ts';
export type {Limits} from './limits.ts';
export type {BudgetPluginOptions, BudgetsOptions} from './options.ts';
