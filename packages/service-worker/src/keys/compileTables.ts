import {compileRule} from './compileRule.ts';
import type {CompiledTables} from './resolveRules.ts';
import type {Tables} from './tables.ts';

export const compileTables = ({providers, signatures}: Tables): CompiledTables => ({
  providers: providers.map(compileRule),
  signatures: signatures.map(compileRule),
});
