import {createStableKey} from '../keys/createStableKey.ts';
import {tablesFor} from '../keys/tablesFor.ts';
import {OptionsChecker, shown} from '../options/OptionsChecker.ts';
import {type ParsedUrlPattern, parseUrlPattern} from './parseUrlPattern.ts';
import {budget, integrity, type PluginOptions, quotaGuard, stableKey, versionScope} from './pluginEntries.ts';
import type {HandlerName, RouteEntry} from './RouteEntry.ts';

/** Options of {@link release}. */
export interface ReleaseOptions {
  /** What the names of the caches begin with, e.g. `models`. A page gives it to `line()` of `@holdfast/window`. */
  name: string;

  /**
   * Which URLs belong to releases, in the syntax of URLPattern: `:name` for a part of a segment, `*` for anything, `{…}?`
   * for what may be missing. `:version` names the release, and all other names tell lines apart. Every query matches. A
   * URL that begins with a slash is one of the worker's own origin.
   *
   * It is compared with the stable key of a request, so write a host as `stableKey()` does.
   *
   * @example 'https://huggingface.co/buckets/acme/assets/resolve/:locale/:version/*'
   */
  url: string;

  /**
   * The strategy.
   *
   * @default 'CacheFirst'
   */
  handler?: HandlerName | undefined;

  /**
   * Whether interrupted downloads of large files resume: short for the handler `ResumableCacheFirst`. A worker of your
   * own needs the feature `downloads()`, see `registerAssets()`.
   *
   * @default false
   */
  resumable?: boolean | undefined;

  /**
   * Whether the URLs name no version, so that all of them belong to the release that is current in their line. Where the
   * first version is not staged, a page makes it current with `switchTo(version, {allowEmpty: true})`.
   *
   * @default false
   */
  unversioned?: boolean | undefined;

  /**
   * Whether answers may be HTML, whatever their URLs look like. Elsewhere HTML is stored only for a navigation, or for a
   * URL that ends in `.html`.
   *
   * @default false
   */
  html?: boolean | undefined;

  /** Options of `StableKeyPlugin`. */
  stableKey?: PluginOptions['stableKey'] | undefined;

  /** Options of `QuotaGuardPlugin`. */
  quotaGuard?: PluginOptions['quotaGuard'] | undefined;

  /**
   * Options of `IntegrityPlugin`. For a configuration: a worker of your own gives the class to a route.
   *
   * @default no check
   */
  integrity?: PluginOptions['integrity'] | undefined;

  /**
   * Limits of what is stored: of each line over all its versions with `of: 'line'`, else of all lines together. See
   * `BudgetPlugin`.
   *
   * @default no limits
   */
  budget?: PluginOptions['budget'] | undefined;
}

const NAMES = [
  'name',
  'url',
  'handler',
  'resumable',
  'unversioned',
  'html',
  'stableKey',
  'quotaGuard',
  'integrity',
  'budget',
] as const satisfies readonly (keyof ReleaseOptions)[];

const HANDLERS: readonly HandlerName[] = [
  'CacheFirst',
  'NetworkFirst',
  'NetworkOnly',
  'ResumableCacheFirst',
  'StaleWhileRevalidate',
];

const parse = (url: string): ParsedUrlPattern => {
  try {
    return parseUrlPattern(url);
  } catch (error) {
    throw new TypeError(`release: option 'url' is ${shown(url)}, but ${(error as Error).message}.`);
  }
};

/** Refuses a pattern that no key matches: of another name of a host, say. */
const checkKeys = (
  url: string,
  {regExp, fill}: ParsedUrlPattern,
  keys: PluginOptions['stableKey'] | undefined,
): void => {
  const values: string[] = [];
  const example = fill((name) => `x${values.push(name) - 1}x`);
  const key = createStableKey(keys)(example);
  if (!regExp.test(key)) {
    const spelled = key.replace(/x(\d+)x/g, (_, index) => {
      const name = values[index] ?? '';
      return name === '*' ? name : `:${name}`;
    });
    throw new TypeError(
      `release: option 'url' must match the stable keys of its URLs, but got ${shown(url)}. Write ${shown(spelled)}.`,
    );
  }
};

/**
 * Stores the releases of your own assets, each version in a cache of its own. Pages stage, switch and roll back their
 * versions with `line()` of `@holdfast/window`.
 *
 * Caches: `<name>-<values of the line…>-<version>`, e.g. `models-en-us-v0.6.0`.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 *
 * @example
 * release({name: 'models', url: 'https://huggingface.co/buckets/acme/assets/resolve/:locale/:version/*'})
 */
export const release = (options: ReleaseOptions): RouteEntry => {
  const checker: OptionsChecker = new OptionsChecker('release');
  checker.checkFields(options, '', NAMES);
  const {name, url, resumable = false, unversioned = false, html} = options;
  const {handler = resumable ? 'ResumableCacheFirst' : 'CacheFirst'} = options;
  checker.check(typeof name === 'string' && name !== '', 'name', 'a non-empty string', name);
  checker.check(typeof url === 'string', 'url', 'a pattern for URLs', url);
  checker.check(HANDLERS.includes(handler), 'handler', `one of ${HANDLERS.join(', ')}`, handler);
  checker.check(typeof resumable === 'boolean', 'resumable', 'true or false', resumable);
  checker.check(typeof unversioned === 'boolean', 'unversioned', 'true or false', unversioned);
  if (resumable) {
    const need = "'ResumableCacheFirst' or left out, since resumable is true";
    checker.check(handler === 'ResumableCacheFirst', 'handler', need, handler);
  }

  const parsed = parse(url);
  const {regExp, names} = parsed;
  if (names.includes('version') === unversioned) {
    const need = unversioned
      ? 'without :version, since unversioned is true'
      : 'a pattern with :version, which names the release. For URLs without one, add `unversioned: true`';
    checker.check(false, 'url', need, url);
  }
  checkKeys(url, parsed, options.stableKey);

  const tables = tablesFor(regExp);
  // A scope has a group for the version. This one never matches.
  const pattern = unversioned ? new RegExp(`${regExp.source}(?:(?!)(?<version>))?`) : regExp;
  return {
    urlPattern: regExp,
    handler,
    features: ['staging'],
    options: {
      plugins: [
        stableKey(Object.assign({}, tables && {tables}, options.stableKey)),
        quotaGuard(options.quotaGuard),
        ...(options.integrity ? [integrity(options.integrity)] : []),
        versionScope(Object.assign({prefix: name, pattern}, html && {html})),
        ...(options.budget ? [budget(options.budget)] : []),
      ],
    },
  };
};
