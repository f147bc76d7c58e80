import type {PluginEntry} from '@holdfast/recipes';
import {Code} from './Code.ts';
import {knownToWorkers} from './checkFunction.ts';
import type {Config, Prepared, PreparedRoute} from './config.ts';
import {entrySource, isEntry} from './entries.ts';
import {Imports} from './Imports.ts';
import {Place} from './Place.ts';
import {prepareRoute} from './prepareRoute.ts';

/**
 * What brings statements into a worker that Workbox makes of expressions: it closes the call that it stands in, and
 * opens one for the rest of it. That first call has to register a route, so it is one that nobody asks for.
 */
const statements = (lines: readonly string[]): PreparedRoute => ({
  urlPattern: new Code(`() => false, () => {}, 'HEAD');\n${lines.join('\n')}\nvoid (0`),
  handler: () => {},
  method: 'HEAD',
});

/** What the worker does once, whatever its routes. It comes behind them, when their scopes are known. */
const setUp = (entries: readonly PluginEntry[], imports: Imports): string[] => {
  const calls: string[] = [];
  if (entries.some(({holdfast}) => holdfast === 'versionScope')) {
    calls.push(`${imports.use('handleVersionMessages')}();`);
  }
  // Pages come from the precache, which no route of the configuration can give plugins to.
  const isolation = entries.find(({holdfast}) => holdfast === 'crossOriginIsolation');
  if (isolation) {
    const addPlugins = imports.use('addPlugins');
    calls.push(`${addPlugins}([${entrySource(isolation, new Place('precache'), imports)}]);`);
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
 *     urlPattern: /^https:\/\/huggingface\.co\//,
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
export const withHoldfast = <Given extends Config>(config: Given): Prepared<Given> => {
  const imports = new Imports();
  // What imported scripts define is not for this to know.
  const isKnown = config.importScripts?.length ? () => true : knownToWorkers;
  const places = new Place('runtimeCaching');
  const routes = (config.runtimeCaching ?? []).map((route, index) =>
    prepareRoute(route, places.at(index).known(`urlPattern ${route.urlPattern}`), {imports, isKnown}),
  );
  const entries = (config.runtimeCaching ?? [])
    .flatMap(({options}) => options?.plugins ?? [])
    .filter((plugin) => isEntry(plugin));
  const runtimeCaching = entries.length > 0 ? [...routes, statements(setUp(entries, imports))] : routes;
  return {...config, runtimeCaching};
};
