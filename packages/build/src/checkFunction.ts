import {type Comment, type Options, type Program, parse} from 'acorn';
import {analyze, type Scope} from 'eslint-scope';
import globals from 'globals';
import type {Place} from './Place.ts';

/** The names that a function may use without defining them: tells whether the worker has one. */
export type WhatWorkersKnow = (name: string) => boolean;

const GLOBALS = new Set([...Object.keys(globals.serviceworker), ...Object.keys(globals.builtin)]);

/** What every generated worker knows: the globals, and the names that Workbox imports its own classes under. */
export const knownToWorkers: WhatWorkersKnow = (name) => GLOBALS.has(name) || name.startsWith('workbox_');

const OTHERWISE = 'or write the worker yourself with injectManifest.';

/** The text as an expression: in brackets, because a statement that begins with `function` needs a name. */
const parseExpression = (text: string, options?: Partial<Options>): Program =>
  parse(`(${text}\n)`, {ecmaVersion: 'latest', sourceType: 'module', ...options});

const isExpression = (text: string): boolean => {
  try {
    parseExpression(text);
    return true;
  } catch {
    return false;
  }
};

/** As Workbox writes a callback down: without comments, its lines joined. A text that is no function's stays. */
export const onOneLine = (text: string): string => {
  if (!isExpression(text)) {
    return text;
  }
  const comments: Comment[] = [];
  parseExpression(text, {onComment: comments});
  // Positions count the bracket that the expression is put into.
  const rest = comments.reduceRight(
    (shorter, {start, end}) => `${shorter.slice(0, start - 1)} ${shorter.slice(end - 1)}`,
    text,
  );
  return rest.replaceAll(/\n\s*/g, ' ');
};

/** The scopes of a text. The one thing of `process` that Workbox puts a value in the place of is not asked for. */
const scopesOf = (text: string): readonly Scope[] => {
  const program = parseExpression(text.replaceAll('process.env.NODE_ENV', '""'), {ranges: true});
  return analyze(program as Parameters<typeof analyze>[0], {ecmaVersion: 2024, sourceType: 'module'}).scopes;
};

/** The names that a function uses and does not define, without those that it knows may be missing. */
const freeNames = (text: string, [global]: readonly Scope[]): string[] =>
  (global?.through ?? [])
    .map(({identifier}) => String(identifier.name))
    .filter((name) => !new RegExp(`typeof\\s+${name.replaceAll('$', '\\$')}(?![\\w$])`).test(text));

/** Whether an arrow function uses the `this` of where it was written. */
const usesOuterThis = (scopes: readonly Scope[]): boolean => {
  const isOuter = (scope: Scope | null): boolean =>
    scope === null ||
    ((scope.type === 'function'
      ? scope.block.type === 'ArrowFunctionExpression'
      : scope.type !== 'class-field-initializer') &&
      isOuter(scope.upper));
  return scopes.some(
    (scope) =>
      scope.type === 'function' && (scope as {thisFound?: boolean}).thisFound === true && isOuter(scope),
  );
};

/**
 * Refuses a function that is something else, or nothing at all, once the worker has it as text.
 *
 * @param isOnOneLine whether Workbox joins the lines of it, as it does in `options`.
 * @throws TypeError
 */
export const checkFunction = (
  value: object,
  place: Place,
  isKnown: WhatWorkersKnow,
  {isOnOneLine = false} = {},
): void => {
  // Somebody who gives a function a text of its own knows what will stand in the worker.
  if (Object.hasOwn(value, 'toString')) {
    return;
  }
  const text = String(value);
  if (!isExpression(text)) {
    const isMethod = isExpression(`{${text}}`);
    place.refuse(
      isMethod
        ? 'is written as a method, and the text of a method is no expression.'
        : 'has no text that the worker could run: it is native, bound, or uses private names.',
      `Write it as an arrow function, ${OTHERWISE}`,
    );
  }
  if (isOnOneLine && !isExpression(onOneLine(text))) {
    place.refuse(
      'needs the ends of its lines, and Workbox puts them all into one.',
      'End each statement with a semicolon.',
    );
  }
  const scopes = scopesOf(text);
  if (usesOuterThis(scopes)) {
    place.refuse(
      "uses the 'this' of where it was written, which the worker does not have.",
      `Use nothing but its parameters and what it defines, ${OTHERWISE}`,
    );
  }
  const name = freeNames(text, scopes).find((one) => !isKnown(one));
  if (name !== undefined) {
    place.refuse(
      `uses '${name}', which is defined outside of it, and only its own text gets into the worker.`,
      `Define '${name}' inside; write self.${name} if it is a global of the worker; ${OTHERWISE}`,
    );
  }
};
