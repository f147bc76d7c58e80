import {type BudgetsOptions, checkBudgetsOptions} from '@holdfast/service-worker/options';
import type {PluginEntry} from '@holdfast/service-worker/recipes';
import {Code} from './Code.ts';
import {checkEffect, checkOrder} from './checkEffect.ts';
import {knownToWorkers} from './checkFunction.ts';
import {checkIsRoute} from './checkIsRoute.ts';
import {checkRoute} from './checkRoute.ts';
import type {Config, Prepared, PreparedRoute, Route} from './config.ts';
import {entrySource, isEntry} from './entries.ts';
import {type Importable, Imports} from './Imports.ts';
import {KeyTables} from './KeyTables.ts';
import {has, isOurs} from './ours.ts';
import {Place} from './Place.ts';
import {matcherSource, prepareRoute} from './prepareRoute.ts';
import {isResumable} from './resumableHandler.ts';

/** Options of {@link withHoldfast}: what the worker can do on top of its routes. Each costs bytes. */
export interface HoldfastOptions {
  /**
   * Whether pages may stage releases, with `line().stage()` of `@holdfast/window`. It takes a route with `versionScope()`
   * or `release()`.
   *
   * @default true where a route is made with `release()`
   */
  staging?: boolean | undefined;
  /**
   * Whether pages may list what is stored, with `releases()` of `@holdfast/window`.
   *
   * @default false
   */
  listing?: boolean | undefined;
  /**
   * Whether pages may ask what is stored and what becomes of a URL, and have it deleted, with `usage()`, `explain()` and
   * `clear()` of `@holdfast/window`.
   *
   * @default false
   */
  inspection?: boolean | undefined;
  /**
   * Whether pages may sign in by a name and sign out, with `signIn()` and `signOut()` of `@holdfast/window`.
   *
   * @default false
   */
  accounts?: boolean | undefined;
  /**
   * The names of caches of before: of a plain Workbox route, or of a library, such as `transformers-cache`. What a route
   * would fetch is moved from there, so that an upgrade downloads nothing, and a cache in which nothing is left is deleted.
   *
   * @default none
   */
  adopt?: readonly string[] | undefined;
  /**
   * Limits of everything that the worker stores, and of the apps of a workspace; `true` to have account kept of it
   * without a limit. Those of a route are in its plugin `budget()`.
   *
   * @default no limits
   */
  budgets?: BudgetsOptions | boolean | undefined;
}

const OPTIONS: readonly string[] = ['staging', 'listing', 'inspection', 'accounts', 'adopt', 'budgets'];

/** Tells whether a value is none but names. */
const areNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');

const checkBudgets = (value: BudgetsOptions): void => {
  try {
    checkBudgetsOptions(value);
  } catch (error) {
    throw new TypeError(`withHoldfast: option 'budgets': ${(error as Error).message}`);
  }
};

const checkHoldfastOptions = (options: HoldfastOptions): void => {
  for (const [name, value] of Object.entries(options)) {
    if (!OPTIONS.includes(name)) {
      throw new TypeError(
        `withHoldfast: there is no option '${name}', but got ${String(value)}. Options are ${OPTIONS.join(', ')}.`,
      );
    }
    if (name === 'adopt') {
      if (value !== undefined && !areNames(value)) {
        throw new TypeError(
          `withHoldfast: option 'adopt' must be a list of names of caches, but got ${JSON.stringify(value)}.`,
        );
      }
    } else if (name === 'budgets' && Object(value) === value) {
      checkBudgets(value);
    } else if (!['boolean', 'undefined'].includes(typeof value)) {
      throw new TypeError(`withHoldfast: option '${name}' must be true or false, but got ${String(value)}.`);
    }
  }
};

/** Refuses our options among those of Workbox, which would call them unknown. */
const checkPlaceOfOptions = (config: Config): void => {
  const misplaced = OPTIONS.find((name) => name in config);
  if (misplaced) {
    throw new TypeError(
      `withHoldfast: '${misplaced}' is no field of the configuration, but an option of its own: ` +
        `withHoldfast({…}, {${misplaced}: ${misplaced === 'adopt' ? "['models']" : 'true'}}).`,
    );
  }
};

/**
 * What brings statements into a worker that Workbox makes of expressions: it closes the call that it stands in, and
 * opens one for the rest of it. That first call has to register a route, so it is one that nobody asks for.
 */
const statements = (lines: readonly string[]): PreparedRoute => ({
  urlPattern: new Code(`() => false, () => {}, 'HEAD');\n${lines.join('\n')}\nvoid (0`),
  handler: () => {},
  method: 'HEAD',
});

/**
 * Pages come from the precache, which no route of a configuration can give plugins to. They are isolated if a route
 * would isolate them.
 */
const isolateThePrecache = (routes: readonly Route[], imports: Imports, tables: KeyTables): string => {
  const sources = routes.flatMap((route) =>
    (route.options?.plugins ?? [])
      .filter((plugin) => isEntry(plugin) && plugin.holdfast === 'crossOriginIsolation')
      .map((plugin) => {
        const place = new Place('crossOriginIsolation');
        return `[${matcherSource(route, place)}, ${entrySource(plugin as PluginEntry, place, imports, tables)}]`;
      }),
  );
  return `${imports.use('addPlugins')}([${imports.use('isolatePrecache')}([${sources.join(', ')}])]);`;
};

/** Returns what the worker does once, whatever its routes. */
const setUp = (
  routes: readonly Route[],
  imports: Imports,
  tables: KeyTables,
  {staging, listing, inspection, accounts, adopt = [], budgets}: HoldfastOptions,
): string[] => {
  // Two of them would each have a precache, and each its own callbacks for a full quota.
  const ours = imports.use('registerRoute');
  const calls = [
    `if (${ours} !== workbox_routing_registerRoute) throw new Error('Two versions of Workbox: see npm ls workbox-core');`,
  ];
  const features: string[] = [];
  const add = (feature: Importable, text = ''): void => {
    features.push(`${imports.use(feature)}(${text})`);
  };
  if (routes.some(isResumable)) {
    add('downloads');
  }
  if (staging) {
    add('staging');
  }
  if (listing) {
    add('listing');
  }
  if (inspection) {
    add('inspection');
  }
  if (accounts) {
    add('accounts');
  }
  if (adopt.length > 0) {
    add('adoption', JSON.stringify(adopt));
  }
  if (budgets) {
    add(imports.hasReleases ? 'budgets' : 'plainBudgets', budgets === true ? '' : JSON.stringify(budgets));
  }
  // An isolated page needs the worker to take control, which is one of the messages.
  if (features.length > 0 || routes.some((route) => has(route, 'versionScope', 'crossOriginIsolation'))) {
    calls.push(`${imports.use('setUp')}([${features.join(', ')}]);`);
  }
  if (routes.some((route) => has(route, 'crossOriginIsolation'))) {
    calls.push(isolateThePrecache(routes, imports, tables));
  }
  return [...tables.statements(), ...calls];
};

/**
 * Makes our plugins work in a configuration for `generateSW`: of workbox-build, its command line, vite-plugin-pwa
 * (there the field `workbox`) or workbox-webpack-plugin.
 *
 * In `runtimeCaching` it turns our entries into code of the worker, in the order that they need, whatever order they
 * are listed in; Workbox's bundler then takes in our packages as it takes in its own, so that there is nothing else to
 * host. Shorthands that work by the name of a cache, `expiration` and `broadcastUpdate`, work on the caches of the
 * releases. The worker answers the messages of `@holdfast/window`. Everything else stays as it is; the given object is
 * not changed.
 *
 * It refuses what would not survive as text, in every route: functions that use what is defined outside of them,
 * methods, instances of classes.
 *
 * @throws TypeError that names the route, the plugin, the option, and what to do instead.
 *
 * @example
 * await generateSW(withHoldfast({
 *   swDest: 'dist/sw.js',
 *   globDirectory: 'dist',
 *   runtimeCaching: [{
 *     urlPattern: /^https:\/\/huggingface\.co\/buckets\/mailwoman\/assets\/resolve\//,
 *     handler: 'CacheFirst',
 *     options: {
 *       cacheName: 'models',
 *       plugins: [stableKey(), quotaGuard(), versionScope({
 *         prefix: 'models',
 *         pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//,
 *       })],
 *     },
 *   }],
 * }));
 */
export const withHoldfast = <Given extends Config>(
  config: Given,
  options: HoldfastOptions = {},
): Prepared<Given> => {
  checkHoldfastOptions(options);
  checkPlaceOfOptions(config);
  const routes = config.runtimeCaching ?? [];
  const places = new Place('runtimeCaching');
  for (const [index, route] of routes.entries()) {
    checkIsRoute(route, places.at(index));
  }
  const placeOf = ({urlPattern}: Route, index: number): Place =>
    places.at(index).known(`urlPattern ${String(urlPattern).split('\n', 1)}`);
  // What imported scripts define is not for this to know.
  const isKnown = config.importScripts?.length ? () => true : knownToWorkers;
  for (const [index, route] of routes.entries()) {
    if (route.urlPattern instanceof Code && routes.some((other) => has(other))) {
      placeOf(route, index).refuse(
        'has been through withHoldfast() before.',
        'Call it once, with all routes in it.',
      );
    }
    checkRoute(route, placeOf(route, index), isKnown);
  }

  if (options.staging && !routes.some((route) => has(route, 'versionScope'))) {
    throw new TypeError(
      'withHoldfast: staging needs a route with versionScope() or release(), whose releases pages can stage.',
    );
  }

  const {staging = routes.some(({features = []}) => features.includes('staging'))} = options;
  for (const [index, route] of routes.entries()) {
    checkEffect(route, placeOf(route, index), staging, Boolean(options.budgets));
  }
  checkOrder(routes, placeOf);

  const imports = new Imports(routes.some((route) => has(route, 'versionScope')));
  const tables = new KeyTables(routes, imports);
  const runtimeCaching = routes.map((route, index) =>
    prepareRoute(route, placeOf(route, index), imports, tables),
  );
  if (routes.some(isOurs)) {
    const lines = setUp(routes, imports, tables, {...options, staging});
    runtimeCaching.push(statements([...imports, ...lines]));
  }
  return {...config, runtimeCaching};
};
