import {OptionsChecker} from '../options/OptionsChecker.ts';
import {type Limits, parseBytes} from './limits.ts';

/** Options of {@link BudgetPlugin}. */
export interface BudgetPluginOptions extends Limits {
  /**
   * What the limits are about: all that the route stores, or each line of its releases, over all versions.
   *
   * @default 'route'
   */
  of?: 'route' | 'line' | undefined;

  /**
   * Whether no budget may have files of the route deleted.
   *
   * @default false
   */
  pinned?: boolean | undefined;
}

/** Options of {@link budgets}: limits of all that is stored, and of namespaces. */
export interface BudgetsOptions extends Limits {
  /**
   * The apps of a workspace, by what the names of their caches begin with: the `cachePrefix` of recipes. Each has its own
   * limits. `clear({namespace})` of `@holdfast/window` removes what an app has stored.
   *
   * @example {notes: {maxBytes: '500 MB'}, maps: {}}
   * @default {}
   */
  namespaces?: Readonly<Record<string, Limits>> | undefined;
}

const LIMITS = ['maxBytes', 'maxEntries', 'maxAgeSeconds', 'staleIfErrorSeconds'] as const;

const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0;

const checkLimits = (checker: OptionsChecker, limits: Limits, at = ''): void => {
  const {maxBytes = 1, maxEntries = 1, maxAgeSeconds = 1, staleIfErrorSeconds = 0} = limits;
  const isSize = ['number', 'string'].includes(typeof maxBytes) && parseBytes(maxBytes) > 0;
  checker.check(isSize, `${at}maxBytes`, "a number of bytes, or a text such as '2 GB'", maxBytes);
  checker.check(isPositive(maxEntries), `${at}maxEntries`, 'a number above 0', maxEntries);
  const ages = Object(maxAgeSeconds) === maxAgeSeconds ? Object.entries(maxAgeSeconds) : [];
  const isAge = isPositive(maxAgeSeconds) || (ages.length > 0 && ages.every(([, age]) => isPositive(age)));
  const need = "a number of seconds, or an object of them by media type, as in {'image/*': 86400}";
  checker.check(isAge, `${at}maxAgeSeconds`, need, maxAgeSeconds);
  const isStale = isPositive(staleIfErrorSeconds) || staleIfErrorSeconds === 0;
  checker.check(isStale, `${at}staleIfErrorSeconds`, 'a number of seconds', staleIfErrorSeconds);
  if (staleIfErrorSeconds) {
    const why = 'left out, since no maxAgeSeconds is set';
    checker.check(limits.maxAgeSeconds !== undefined, `${at}staleIfErrorSeconds`, why, staleIfErrorSeconds);
  }
};

/**
 * Refuses options that {@link BudgetPlugin} cannot work with. The plugin itself checks in a development build only, so a
 * tool that writes options into a production worker has to check them.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkBudgetOptions = (options: BudgetPluginOptions): void => {
  const checker: OptionsChecker = new OptionsChecker('BudgetPlugin');
  checker.checkFields(options, '', [...LIMITS, 'of', 'pinned']);
  const {of = 'route', pinned = false} = options;
  checkLimits(checker, options);
  checker.check(['route', 'line'].includes(of), 'of', "'route' or 'line'", of);
  checker.check(typeof pinned === 'boolean', 'pinned', 'true or false', pinned);
};

/**
 * Refuses options that {@link budgets} cannot work with.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkBudgetsOptions = (options: BudgetsOptions): void => {
  const checker: OptionsChecker = new OptionsChecker('budgets');
  checker.checkFields(options, '', [...LIMITS, 'namespaces']);
  checkLimits(checker, options);
  const {namespaces = {}} = options;
  const isObject = Object(namespaces) === namespaces && !Array.isArray(namespaces);
  checker.check(isObject, 'namespaces', 'an object of limits by name', namespaces);
  for (const [name, limits] of Object.entries(namespaces)) {
    const at = `namespaces.${name}`;
    checker.check(name, 'namespaces', 'an object whose names are not empty', namespaces);
    checker.checkFields(limits, at, LIMITS);
    checkLimits(checker, limits, `${at}.`);
  }
};
