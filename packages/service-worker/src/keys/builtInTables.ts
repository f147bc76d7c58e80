import {compileTables} from './compileTables.ts';
import type {StableKeyOptions} from './options.ts';
import type {CompiledTables} from './resolveRules.ts';
import {tablesOf} from './tables.ts';

/** Compiled once, not for every plugin: a worker has a plugin for each route, and starts often. */
const ALL = /* @__PURE__ */ compileTables(/* @__PURE__ */ tablesOf());

/** Returns the built-in tables that options name. */
export const builtInTables = ({tables}: StableKeyOptions): CompiledTables =>
  tables ? compileTables(tablesOf(tables)) : ALL;
