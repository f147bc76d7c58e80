import {type CompiledRule, compileRule} from './compileRule.ts';
import {providers} from './providers.ts';
import type {Rule, StableKeyOptions} from './Rule.ts';
import {signatures} from './signatures.ts';

/** Compiled once, not for every plugin: a worker has one for each route, and starts often. */
const PROVIDERS: readonly CompiledRule[] = providers.map(compileRule);
const SIGNATURES: readonly CompiledRule[] = signatures.map(compileRule);

const FIELDS = ' hosts path all any drop sorted claims to host variants ';

/**
 * All rules, in the order in which they are asked. The options may come from a configuration file, where no
 * compiler has looked at them, so they are checked here, once.
 *
 * @throws TypeError that names the option and the value it got.
 */
export function resolveRules(options: StableKeyOptions): CompiledRule[] {
  const {providers: moreProviders = [], schemes: moreSchemes = [], ...unknown} = options;
  for (const [option, value] of Object.entries(unknown)) {
    refuse(option, value);
  }
  const schemes = [...resolveRows('schemes', moreSchemes), ...SIGNATURES];
  return [
    ...resolveRows('providers', moreProviders),
    // A token in the path stands in the way of every rule that looks at the path.
    ...schemes.filter((rule) => rule.byPath),
    ...PROVIDERS,
    ...schemes.filter((rule) => !rule.byPath),
  ];
}

function resolveRows(option: string, rows: readonly Rule[]): CompiledRule[] {
  if (!Array.isArray(rows)) {
    refuse(option, rows);
  }
  return rows.map((row, index) => {
    const at = `${option}[${index}]`;
    if (Object(row) !== row) {
      refuse(at, row);
    }
    for (const [field, value] of Object.entries(row)) {
      const isKnown =
        FIELDS.includes(` ${field} `) && typeof value === (field === 'sorted' ? 'boolean' : 'string');
      // A host as `location.host` or a URL has it would never match.
      if (!isKnown || (/^host/.test(field) && !/^[a-z\d. -]+$/.test(`${value}`))) {
        refuse(`${at}.${field}`, value);
      }
    }
    // A rule without a condition would be about every URL there is.
    if (!row.hosts && (option === 'providers' || !(row.path || row.all || row.any))) {
      refuse(`${at}.hosts`, row.hosts);
    }
    if (row.to !== undefined && !row.path) {
      refuse(`${at}.path`, row.path);
    }
    try {
      return compileRule(row);
    } catch (error) {
      return refuse(at, `${error}`);
    }
  });
}

function refuse(option: string, value: unknown): never {
  throw new TypeError(`stable-key: ${option} cannot be ${JSON.stringify(value)}`);
}
