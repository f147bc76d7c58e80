import {type CompiledRule, compileRule} from './compileRule.ts';
import type {StableKeyOptions} from './options.ts';
import {providers} from './providers.ts';
import {signatures} from './signatures.ts';

/** Compiled once, not for every plugin: a worker has one for each route, and starts often. */
const PROVIDERS: readonly CompiledRule[] = providers.map(compileRule);
const SIGNATURES: readonly CompiledRule[] = signatures.map(compileRule);

/** All rules, in the order in which they are asked. */
export function resolveRules(options: StableKeyOptions): CompiledRule[] {
  const {providers: moreProviders = [], schemes: moreSchemes = []} = options;
  const schemes = [...moreSchemes.map(compileRule), ...SIGNATURES];
  return [
    ...moreProviders.map(compileRule),
    // A token in the path stands in the way of every rule that looks at the path.
    ...schemes.filter((rule) => rule.byPath),
    ...PROVIDERS,
    ...schemes.filter((rule) => !rule.byPath),
  ];
}
