import type {Payload} from '../messages/MessageListener.ts';
import type {LineName} from '../messages/protocol.ts';
import {textIn} from '../messages/textIn.ts';
import {groupsOf, lineOf, type Scope} from './releaseOf.ts';

/**
 * Tells whether a line or a cache of that name can belong to a scope: another worker of the origin may have its own. A
 * scope without a prefix, which only unchecked options can have, owns nothing.
 */
export const mayBeOf = ({prefix}: Scope, name: string): boolean =>
  Boolean(prefix) && (name === prefix || name.startsWith(`${prefix}-`));

/** Tells whether a line of that name can belong to one of some scopes. */
export const isLineOf = (scopes: readonly Scope[], line: string): boolean =>
  scopes.some((scope) => mayBeOf(scope, line));

/** Tells whether a scope has a group for each of some values. A group that matches nothing has none. */
const suits = (scope: Scope, values: object): boolean => {
  const groups = groupsOf(scope);
  return Object.keys(values).every((name) => groups.includes(name));
};

/**
 * Reads the line that a message names, and returns its whole name.
 *
 * @param scopes those of this worker.
 * @throws TypeError for a line that no route looks after; it names the routes that there are.
 */
export const lineIn = (scopes: readonly Scope[], payload: Payload): string => {
  const {name, values} = Object(payload.line) as Partial<LineName>;
  const text = textIn({'line.name': name}, 'line.name');
  if (!values || Object.keys(values).length === 0) {
    if (isLineOf(scopes, text)) {
      return text;
    }
  } else {
    const named = scopes.filter(({prefix}) => prefix === text);
    const scope = named.find((one) => suits(one, values));
    if (scope) {
      for (const [group, value] of Object.entries(values)) {
        const field = `line.values.${group}`;
        textIn({[field]: value}, field);
      }
      return lineOf(scope, values);
    }
  }
  const known = scopes.map((scope) => {
    const groups = groupsOf(scope).join(', ');
    return `'${scope.prefix}'${groups && ` (${groups})`}`;
  });
  throw new TypeError(
    `no route has the line ${JSON.stringify(payload.line)}. The names of lines, and the values that they take: ` +
      `${[...new Set(known)].join('; ') || 'none'}.`,
  );
};
