import type {Payload} from '../messages/MessageListener.ts';
import type {LineName} from '../messages/protocol.ts';
import {textIn} from '../messages/textIn.ts';
import type {Releases} from './Releases.ts';
import {readRecords} from './records.ts';
import {groupsOf, isLineOf, lineOf, linesNamed, nameOf, type Scope} from './releaseOf.ts';

/** Tells whether a scope has a group for each of some values. A group that matches nothing has none. */
const suits = (scope: Scope, values: object): boolean => {
  const groups = groupsOf(scope);
  return Object.keys(values).every((name) => groups.includes(name));
};

/**
 * Returns the ids of the recorded lines that have a whole name; none where storage cannot be read, or where the name
 * cannot be that of a line of any scope.
 */
const recordedLines = async (scopes: readonly Scope[], name: string): Promise<string[]> => {
  if (!scopes.some(({prefix}) => prefix && name.startsWith(prefix))) {
    return [];
  }
  try {
    const known = await Promise.all([readRecords('line'), readRecords('cache')]);
    const lines = known.flat().map(({line}) => line);
    return lines.filter((line) => nameOf(line) === name && isLineOf(scopes, line));
  } catch {
    return [];
  }
};

/**
 * Reads the line that a message names, and returns its id. A whole name means the line that is recorded under it; and
 * where none is, that of the route with the longest name.
 *
 * @throws TypeError for a line that no route looks after; it names the routes that there are.
 */
export const lineIn = async ({scopes}: Pick<Releases, 'scopes'>, payload: Payload): Promise<string> => {
  const {name, values} = Object(payload.line) as Partial<LineName>;
  const text = textIn({'line.name': name}, 'line.name');
  if (!values || Object.keys(values).length === 0) {
    const longestFirst = [...scopes].sort((one, other) => other.prefix.length - one.prefix.length);
    const named = longestFirst.flatMap((scope) => linesNamed(scope, text));
    const [line] = (await recordedLines(scopes, text)).concat(named);
    if (line !== undefined) {
      return line;
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
