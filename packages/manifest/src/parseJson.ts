import {Field, type Step} from './Field.ts';
import {ManifestError} from './ManifestError.ts';

/**
 * The whole of a JSON text, as a field.
 *
 * @throws ManifestError that names line and column where the text stops being JSON.
 */
export function parseJson(text: string): Field {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not the browser's own message: it quotes the text, and only some browsers say where.
    const before = text.slice(0, offsetOf(text)).split('\n');
    const column = `${before.at(-1)}`.length + 1;
    throw new ManifestError(`not JSON from column ${column} on`, '', before.length);
  }
  return new Field(value, (steps) => text.slice(0, offsetOf(text, steps)).split('\n').length);
}

/** A string, a bracket or sign, a run of anything else but white space, a quote that opens no string, the end. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|[[\]{}:,]|[^ \t\n\r"[\]{}:,]+|"|$/g;

/**
 * Where a value begins in a JSON text; or, without steps, where the text stops being JSON.
 *
 * Only for errors: `JSON.parse` is what reads, but it does not tell where things stand.
 */
function offsetOf(text: string, wanted?: readonly Step[]): number {
  // One for each bracket that is open: a name in an object, an index in an array.
  const steps: Step[] = [];
  let next: 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma' = 'value';

  for (const {0: token, index} of text.matchAll(TOKEN)) {
    const last = steps.length - 1;
    const step = steps[last];
    const isInArray = typeof step === 'number';
    const isValue = next.endsWith('value');
    const mayClose = next === 'comma' || next.startsWith('first');

    if (isValue && wanted?.length === steps.length && wanted.every((one, at) => one === steps[at])) {
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
