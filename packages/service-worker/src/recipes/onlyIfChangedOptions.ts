import {OptionsChecker} from '../options/OptionsChecker.ts';

/** Options of `OnlyIfChangedPlugin`: it has none. */
export type OnlyIfChangedPluginOptions = Record<string, never>;

const checker: OptionsChecker = /* @__PURE__ */ new OptionsChecker('OnlyIfChangedPlugin');

/** @throws TypeError for any option. */
export const checkOptions = (options: unknown): void => checker.checkFields(options, '', []);
