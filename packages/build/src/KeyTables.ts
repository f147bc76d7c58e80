import {type TableName, tablesFor, tablesOf} from '@holdfast/service-worker/keys';
import {isPluginEntry} from '@holdfast/service-worker/recipes';
import type {Route} from './config.ts';
import type {Imports} from './Imports.ts';
import {Place} from './Place.ts';
import {toSource} from './toSource.ts';

/** Returns the tables that a route needs; `undefined` for all of them. */
const tablesOfRoute = ({urlPattern, options}: Route): readonly TableName[] | undefined => {
  const entry = (options?.plugins ?? []).find(
    (plugin) => isPluginEntry(plugin) && plugin.holdfast === 'stableKey',
  );
  const {tables} = (entry as {options?: {tables?: readonly TableName[]}} | undefined)?.options ?? {};
  if (!entry || tables) {
    return tables ?? [];
  }
  return urlPattern instanceof RegExp ? tablesFor(urlPattern) : undefined;
};

/**
 * The tables of signatures and providers that a worker carries: those that its routes need. All plugins share them.
 */
export class KeyTables {
  private readonly names: readonly TableName[] | undefined;
  private readonly imports: Imports;
  private isUsed = false;

  constructor(routes: readonly Route[], imports: Imports) {
    const needed = routes.map(tablesOfRoute);
    this.names = needed.includes(undefined)
      ? undefined
      : [...new Set(needed.flatMap((names) => names ?? []))];
    this.imports = imports;
  }

  /** Returns the text that makes a `StableKeyPlugin` with options, each of which is given as text. */
  pluginSource(fields: readonly string[]): string {
    if (!this.names) {
      return `new ${this.imports.use('StableKeyPlugin')}({${fields.join(', ')}})`;
    }
    this.isUsed = true;
    const others = fields.filter((field) => !field.startsWith('"tables":'));
    return `new ${this.imports.use('PlainStableKeyPlugin')}({${others.join(', ')}}, holdfast_tables())`;
  }

  /** Returns the statements that the plugins rely on. A function is defined before the routes, wherever it stands. */
  statements(): string[] {
    if (!this.isUsed) {
      return [];
    }
    const rows = toSource(tablesOf(this.names), new Place('stableKey'));
    const compile = this.imports.use('compileTables');
    return [
      `function holdfast_tables() { return holdfast_tables.made = holdfast_tables.made || ${compile}(${rows}); }`,
    ];
  }
}
