import {compileRule} from './compileRule.ts';
import type {Provider, Rule, Scheme} from './Rule.ts';

/** Options of {@link StableKeyPlugin} and {@link createStableKey}. */
export interface StableKeyOptions {
  /** Signature schemes to know besides the built-in ones.
   * @default [] */
  schemes?: readonly Scheme[] | undefined;
  /** Providers to know besides the built-in ones. They come first, so the built-in rules see the host and the
   * path that these have written: a mirror of a known host needs one row.
   * @default [] */
  providers?: readonly Provider[] | undefined;
}

const TEXT = 'a string';

/** What a field of a rule has to be. */
const FIELDS: Readonly<Record<keyof Rule, string>> = {
  hosts: 'host names in lower case, separated by spaces',
  path: TEXT,
  all: TEXT,
  any: TEXT,
  drop: TEXT,
  sorted: 'true or false',
  claims: TEXT,
  to: TEXT,
  host: 'a host name in lower case',
  variants: TEXT,
};

/**
 * Refuses what {@link StableKeyPlugin} cannot work with. The plugin itself asks only in a development build, so
 * whatever makes a production worker out of options has to.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export function checkOptions(options: unknown): void {
  checkFields(options, '', ['schemes', 'providers']);
  for (const [option, rows = []] of Object.entries(options)) {
    check(Array.isArray(rows), option, 'an array of rules', rows);
    for (const [index, row] of rows.entries()) {
      checkRule(row, `${option}[${index}]`, option === 'providers');
    }
  }
}

function checkRule(rule: unknown, at: string, isProvider: boolean): void {
  checkFields(rule, at, Object.keys(FIELDS));
  for (const [field, value] of Object.entries(rule)) {
    const name = field as keyof Rule;
    check(value === undefined || isFit(name, value), `${at}.${name}`, FIELDS[name], value);
    check(hasValidPatterns({[name]: value}), `${at}.${name}`, 'made of valid regular expressions', value);
  }
  const {hosts, path, all, any, to}: Rule = rule;
  if (isProvider) {
    check(hosts, `${at}.hosts`, FIELDS.hosts, hosts);
  }
  // A rule without a condition would be about every URL there is.
  check(hosts || path || all || any, `${at}.hosts`, 'given, or path, all or any', hosts);
  check(path || to === undefined, `${at}.path`, 'given, since there is a to', path);
}

function isFit(field: keyof Rule, value: unknown): boolean {
  switch (field) {
    case 'sorted':
      return typeof value === 'boolean';
    // A host as `location.host` or a URL has it would never match.
    case 'hosts':
      return typeof value === 'string' && /^[a-z\d. -]+$/.test(value);
    case 'host':
      return typeof value === 'string' && /^[a-z\d.-]+$/.test(value);
    default:
      return typeof value === 'string';
  }
}

function hasValidPatterns(rule: Rule): boolean {
  try {
    compileRule(rule);
    return true;
  } catch {
    return false;
  }
}

function checkFields(value: unknown, at: string, names: readonly string[]): asserts value is object {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  check(isObject, at, `an object with ${names.join(', ')}`, value);
  for (const name of Object.keys(value as object)) {
    check(names.includes(name), at ? `${at}.${name}` : name, `one of ${names.join(', ')}`, name);
  }
}

function check(isRight: unknown, option: string, need: string, value: unknown): void {
  if (!isRight) {
    const subject = option ? `option '${option}'` : 'the options';
    throw new TypeError(`StableKeyPlugin: ${subject} must be ${need}, but got ${shown(value)}.`);
  }
}

/** As JSON, which has no word for all there is: a RegExp, a function, `undefined`. */
function shown(value: unknown): string {
  const isJson = typeof value === 'string' || (typeof value === 'object' && !(value instanceof RegExp));
  return isJson ? JSON.stringify(value) : String(value);
}
