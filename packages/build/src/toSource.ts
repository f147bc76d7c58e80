import {className, insteadOf} from './instead.ts';
import type {Place} from './Place.ts';

/** What a function would need to be of use in the worker, and cannot have there. */
const NO_CODE =
  'Give plain data (text, numbers, lists, RegExps), or write the worker yourself with injectManifest.';

const isPlain = (value: object): boolean => {
  const prototype = Object.getPrototypeOf(value);
  // By its name: a configuration may come from another realm, as from a bundler that runs it in a sandbox.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/**
 * A value as the text of an expression that makes it anew: plain data and RegExps.
 *
 * @throws TypeError for what text cannot carry: functions, instances of classes, symbols, circles.
 */
export const toSource = (value: unknown, place: Place, within: readonly unknown[] = []): string => {
  if (value === null || ['undefined', 'boolean', 'number'].includes(typeof value)) {
    return String(value);
  }
  if (typeof value === 'string') {
    return JSON.stringify(value);
  }
  if (typeof value === 'function') {
    return place.refuse('is a function, which loses what it refers to when it becomes text.', NO_CODE);
  }
  if (typeof value !== 'object') {
    return place.refuse(`is a ${typeof value}, which no text stands for.`, NO_CODE);
  }
  if (value instanceof RegExp) {
    // Not as a literal: Babel would rewrite one with named groups for old browsers.
    return `new RegExp(${JSON.stringify(value.source)}, ${JSON.stringify(value.flags)})`;
  }
  if (within.includes(value)) {
    return place.refuse('contains itself, which no text can say.', NO_CODE);
  }
  const inside = [...within, value];
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => toSource(item, place.at(index), inside)).join(', ')}]`;
  }
  if (!isPlain(value)) {
    const instead = insteadOf(value);
    return place.refuse(
      `is an instance of ${className(value)}, of which text keeps nothing.`,
      instead ? `Use ${instead}.` : NO_CODE,
    );
  }
  return `{${fieldSources(value, place, inside).join(', ')}}`;
};

/** The same for the fields of an object, each as `"name": value`. One that is undefined is not there. */
export const fieldSources = (object: object, place: Place, within: readonly unknown[] = [object]): string[] =>
  Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}: ${toSource(value, place.at(name), within)}`);
