import type {PluginEntry, PluginName} from '@holdfast/service-worker/recipes';
import {Code} from './Code.ts';
import {knownToWorkers} from './checkFunction.ts';
import {checkRoute} from './checkRoute.ts';
import type {Config, Prepared, PreparedRoute, Route} from './config.ts';
import {entrySource, isEntry} from './entries.ts';
import {Imports} from './Imports.ts';
import {Place} from './Place.ts';
import {matcherSource, prepareRoute} from './prepareRoute.ts';
import {isResumable} from './resumableHandler.ts';
import {toSource} from './toSource.ts';

/** Options of {@link withHoldfast}. */
export interface HoldfastOptions {
  /**
   * Whether pages may stage releases, with `stage()` of `@holdfast/window`. It takes a route with `versionScope()`, and
   * costs the worker about 12 kB.
   *
   * @default false
   */
  staging?: boolean | undefined;
}

const checkHoldfastOptions = (options: HoldfastOptions): void => {
  for (const [name, value] of Object.entries(options)) {
    if (name !== 'staging' || !['boolean', 'undefined'].includes(typeof value)) {
      const need =
        name === 'staging' ? "option 'staging' must be true or false" : `there is no option '${name}'`;
      throw new TypeError(`withHoldfast: ${need}, but got ${String(value)}.`);
    }
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

/** Whether a route has one of our plugins, of some names or of any. */
const has = ({options}: Route, ...names: PluginName[]): boolean =>
  (options?.plugins ?? []).some(
    (plugin) => isEntry(plugin) && (names.length === 0 || names.includes(plugin.holdfast)),
  );

/**
 * Pages come from the precache, which no route of a configuration can give plugins to. They are isolated if a route
 * would isolate them.
 */
const isolateThePrecache = (routes: readonly Route[], imports: Imports): string => {
  const sources = routes.flatMap((route) =>
    (route.options?.plugins ?? [])
      .filter((plugin) => isEntry(plugin) && plugin.holdfast === 'crossOriginIsolation')
      .map((plugin) => {
        const place = new Place('crossOriginIsolation');
        return `[${matcherSource(route, place)}, ${entrySource(plugin as PluginEntry, place, imports)}]`;
      }),
  );
  return `${imports.use('addPlugins')}([${imports.use('isolatePrecache')}([${sources.join(', ')}])]);`;
};

/** Keys of a manifest's URLs are made as the routes make theirs. */
const stageReleases = (routes: readonly Route[], imports: Imports): string => {
  const rows = {schemes: [] as unknown[], providers: [] as unknown[]};
  for (const route of routes.filter((one) => has(one, 'versionScope'))) {
    for (const plugin of route.options?.plugins ?? []) {
      if (isEntry(plugin) && plugin.holdfast === 'stableKey') {
        rows.schemes.push(...(plugin.options.schemes ?? []));
        rows.providers.push(...(plugin.options.providers ?? []));
      }
    }
  }
  const handle = imports.use('handleReleaseMessages');
  if (rows.schemes.length + rows.providers.length === 0) {
    return `${handle}();`;
  }
  const source = toSource(rows, new Place('stableKey'));
  return `${handle}({stableKey: ${imports.use('createStableKey')}(${source})});`;
};

/** What the worker does once, whatever its routes. It comes behind them, when their scopes are known. */
const setUp = (routes: readonly Route[], imports: Imports, {staging}: HoldfastOptions): string[] => {
  // Two of them would each have a precache, and each its own callbacks for a full quota.
  const ours = imports.use('registerRoute');
  const calls = [
    `if (${ours} !== workbox_routing_registerRoute) throw new Error('Two versions of Workbox: see npm ls workbox-core');`,
  ];
  // An isolated page needs the worker to take control, which is one of the messages.
  if (routes.some((route) => has(route, 'versionScope', 'crossOriginIsolation'))) {
    calls.push(`${imports.use('handleVersionMessages')}();`);
  }
  if (routes.some(isResumable)) {
    calls.push(`${imports.use('handleDownloadMessages')}();`);
  }
  if (staging) {
    calls.push(stageReleases(routes, imports));
  }
  if (routes.some((route) => has(route, 'crossOriginIsolation'))) {
    calls.push(isolateThePrecache(routes, imports));
  }
  return [...imports, ...calls];
};

/**
 * Makes our plugins work in a configuration for `generateSW`: of workbox-build, its command line, vite-plugin-pwa
 * (there the field `workbox`) or workbox-webpack-plugin.
 *
 * In `runtimeCaching` it turns our entries into code of the worker, in the order that they need, whatever order they
 * are listed in; Workbox's bundler then takes in our packages as it takes in its own, so that there is nothing else
 * to host. Shorthands that work by the name of a cache, `expiration` and `broadcastUpdate`, work on the caches of the
 * releases. The worker answers version messages. All else stays as it is; the given object is not changed.
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
  const routes = config.runtimeCaching ?? [];
  const places = new Place('runtimeCaching');
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
      'withHoldfast: staging needs a route with versionScope(), whose releases pages can stage.',
    );
  }

  const imports = new Imports();
  const runtimeCaching = routes.map((route, index) => prepareRoute(route, placeOf(route, index), imports));
  if (routes.some((route) => has(route) || isResumable(route))) {
    runtimeCaching.push(statements(setUp(routes, imports, options)));
  }
  return {...config, runtimeCaching};
};
