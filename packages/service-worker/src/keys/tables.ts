import {type ProviderName, providers} from './providers.ts';
import type {Provider, Scheme} from './Rule.ts';
import {type SignatureName, signatures} from './signatures.ts';

/** The name of a built-in table: of a vendor, or of a way of signing that several share. */
export type TableName = ProviderName | SignatureName;

/** Built-in rows. They are JSON, so that a build can write those into a worker that it needs. */
export interface Tables {
  readonly providers: readonly Provider[];
  readonly signatures: readonly Scheme[];
}

/** Returns the rows of the built-in tables with these names; of all tables by default. */
export const tablesOf = (names?: readonly TableName[]): Tables => {
  const rowsOf = <Row>(table: Readonly<Record<string, readonly Row[]>>): Row[] =>
    Object.entries(table).flatMap(([name, rows]) =>
      !names || (names as readonly string[]).includes(name) ? rows : [],
    );
  return {providers: rowsOf(providers), signatures: rowsOf(signatures)};
};
