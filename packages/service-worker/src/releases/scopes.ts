import type {Scope} from './releaseOf.ts';

const known: Scope[] = [];

/** The scopes of all plugins in this worker: what its messages may name, and its evictions touch. */
export const scopes: readonly Scope[] = known;

export const addScope = (scope: Scope): void => {
  known.push(scope);
};

/**
 * Whether a line or a cache of that name can be one of the scope's: another worker of the origin may have its own.
 * A scope without a prefix, which only unchecked options can have, has no names: nothing is deleted for it.
 */
export const mayBeOf = ({prefix}: Scope, name: string): boolean =>
  Boolean(prefix) && (name === prefix || name.startsWith(`${prefix}-`));

/** Whether a line of that name can be one of these scopes'. */
export const isLineOf = (some: readonly Scope[], line: string): boolean =>
  some.some((scope) => mayBeOf(scope, line));
