import {OptionsChecker} from '../options/OptionsChecker.ts';
import {compileRule} from './compileRule.ts';
import {providers} from './providers.ts';
import type {Provider, Rule, Scheme} from './Rule.ts';
import {signatures} from './signatures.ts';
import type {TableName} from './tables.ts';

/** Options of {@link StableKeyPlugin} and {@link createStableKey}. */
export interface StableKeyOptions {
  /** Signature schemes to know besides the built-in ones.
   * @default [] */
  schemes?: readonly Scheme[] | undefined;
  /** Providers to know besides the built-in ones. They come first, so that the built-in rules see the host and the path
   * that these have written: a mirror of a known host takes one row.
   * @default [] */
  providers?: readonly Provider[] | undefined;
  /** Names of the built-in tables to know, e.g. `['huggingFace', 'cloudFront']`. A generated worker then carries no
   * others; all of them are about 2 kB.
   * @default all */
  tables?: readonly TableName[] | undefined;
}

const TEXT = 'a string';

/** What each field of a rule must be. */
const FIELDS: Readonly<Record<keyof Rule, string>> = {
  hosts: 'host names in lower case, separated by spaces',
  path: TEXT,
  all: TEXT,
  any: TEXT,
  drop: TEXT,
  sorted: 'true or false',
  claims: TEXT,
  to: TEXT,
  slashes: 'true or false',
  host: 'a host name in lower case',
  variants: TEXT,
};

const checker: OptionsChecker = /* @__PURE__ */ new OptionsChecker('StableKeyPlugin');

/**
 * Refuses options that {@link StableKeyPlugin} cannot work with. The plugin itself checks in a development build only,
 * so a tool that writes options into a production worker has to check them.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export function checkOptions(options: unknown): void {
  checker.checkFields(options, '', ['schemes', 'providers', 'tables']);
  const {schemes, providers: own, tables = []} = options as StableKeyOptions;
  for (const [option, rows = []] of Object.entries({schemes, providers: own})) {
    checker.check(Array.isArray(rows), option, 'an array of rules', rows);
    for (const [index, row] of rows.entries()) {
      checkRule(row, `${option}[${index}]`, option === 'providers');
    }
  }
  checker.check(Array.isArray(tables), 'tables', 'an array of names', tables);
  const names = [...new Set([...Object.keys(providers), ...Object.keys(signatures)])];
  for (const [index, name] of tables.entries()) {
    checker.check(names.includes(name), `tables[${index}]`, `one of ${names.join(', ')}`, name);
  }
}

function checkRule(rule: unknown, at: string, isProvider: boolean): void {
  checker.checkFields(rule, at, Object.keys(FIELDS));
  for (const [field, value] of Object.entries(rule)) {
    const name = field as keyof Rule;
    checker.check(value === undefined || isValid(name, value), `${at}.${name}`, FIELDS[name], value);
    const need = 'made of valid regular expressions';
    checker.check(hasValidPatterns({[name]: value}), `${at}.${name}`, need, value);
  }
  const {hosts, path, all, any, to, slashes}: Rule = rule;
  if (isProvider) {
    checker.check(hosts, `${at}.hosts`, FIELDS.hosts, hosts);
  }
  // Without a condition, a rule would apply to every URL.
  checker.check(hosts || path || all || any, `${at}.hosts`, 'given, or path, all or any', hosts);
  checker.check(path || to === undefined, `${at}.path`, 'given, since there is a to', path);
  checker.check(path || !slashes, `${at}.path`, 'given, since slashes is true', path);
}

function isValid(field: keyof Rule, value: unknown): boolean {
  switch (field) {
    case 'slashes':
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
