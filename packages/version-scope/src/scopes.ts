import type {Scope} from './releaseOf.ts';

const known: Scope[] = [];

/** The scopes of all plugins in this worker: what its messages may name, and its evictions touch. */
export const scopes: readonly Scope[] = known;

export const addScope = (scope: Scope): void => {
  known.push(scope);
};

/** Whether a line of that name can be one of these scopes': another worker of the origin may have its own. */
export const isLineOf = (some: readonly Scope[], line: string): boolean =>
  some.some(({prefix}) => line === prefix || line.startsWith(`${prefix}-`));
