import {Field, type Step} from './Field.ts';
import {ManifestError} from './ManifestError.ts';

/**
 * Parses a JSON text.
 *
 * @throws ManifestError that names the line and the column of the first syntax error.
 */
export function parseJson(text: string): Field {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Browsers' own messages quote the text, and only some of them name the place.
    const before = text.slice(0, offsetOf(text)).split('\n');
    const column = `${before.at(-1)}`.length + 1;
    throw new ManifestError(`is not valid JSON at column ${column}`, '', before.length);
  }
  return new Field(value, (steps) => text.slice(0, offsetOf(text, steps)).split('\n').length);
}

/** A string, a bracket or sign, a run of other characters, a quote that opens no string, or the end of the text. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|[[\]{}:,]|[^ \t\n\r"[\]{}:,]+|"|$/g;

/**
 * Returns the offset of the value that the steps lead to. Without steps, returns the offset of the first syntax error.
 *
 * Runs only for errors. `JSON.parse` reads the values, but does not report their places.
 */
function offsetOf(text: string, wanted?: readonly Step[]): number {
  // One step for each open bracket: a name in an object, an index in an array.
  const steps: Step[] = [];
  let next: 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma' = 'value';

  for (const {0: token, index} of text.matchAll(TOKEN)) {
    const last = steps.length - 1;
    const step = steps[last];
    const isInArray = typeof step === 'number';
    const isValue = next.endsWith('value');
    const mayClose = next === 'comma' || next.startsWith('first');

    if (isValue && wanted?.length === steps.length && wanted.every((want, at) => want === steps[at])) {
      return index;
    }
    if (isValue && token === '[') {
      steps.push(0);
      next = 'first value';
    } else if (isValue && token === '{') {
      steps.push('');
      next = 'first name';
    } else if (isValue && isScalar(token)) {
      next = 'comma';
    } else if (next.endsWith('name') && token[0] === '"' && isScalar(token)) {
      steps[last] = JSON.parse(token);
      next = 'colon';
    } else if (next === 'colon' && token === ':') {
      next = 'value';
    } else if (next === 'comma' && token === ',' && last >= 0) {
      steps[last] = isInArray ? step + 1 : '';
      next = isInArray ? 'value' : 'name';
    } else if (mayClose && last >= 0 && token === (isInArray ? ']' : '}')) {
      steps.pop();
      next = 'comma';
    } else {
      return index;
    }
  }
  return text.length;
}

function isScalar(token: string): boolean {
  try {
    return !(JSON.parse(token) instanceof Object);
  } catch {
    return false;
  }
}
