import {type CompiledRule, compileRule} from './compileRule.ts';
import type {StableKeyOptions} from './options.ts';

/** Built-in tables, ready for use. */
export interface CompiledTables {
  readonly providers: readonly CompiledRule[];
  readonly signatures: readonly CompiledRule[];
}

/** Returns all rules in the order in which they are asked: those of the options, and those of built-in tables. */
export function resolveRules(options: StableKeyOptions, tables: CompiledTables): CompiledRule[] {
  const {providers = [], schemes: moreSchemes = []} = options;
  const schemes = [...moreSchemes.map(compileRule), ...tables.signatures];
  return [
    ...providers.map(compileRule),
    // A token in the path stands in the way of every rule that reads the path.
    ...schemes.filter((rule) => rule.byPath),
    ...tables.providers,
    ...schemes.filter((rule) => !rule.byPath),
  ];
}
