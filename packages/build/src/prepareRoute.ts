import {inOrder, type PluginName} from '@holdfast/service-worker/recipes';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {Code} from './Code.ts';
import {callbacksSource} from './callbacksSource.ts';
import type {PreparedRoute, Route} from './config.ts';
import {entrySource, isEntry} from './entries.ts';
import type {Imports} from './Imports.ts';
import type {KeyTables} from './KeyTables.ts';
import type {Place} from './Place.ts';
import {isResumable, resumableHandler} from './resumableHandler.ts';
import {shorthandPlugins, worksByCacheName} from './shorthands.ts';
import {toSource} from './toSource.ts';

/** The text of a function that tells whether a route is about a request. */
export const matcherSource = ({urlPattern, destinations}: Route, place: Place): string => {
  if (typeof urlPattern === 'function') {
    return String(urlPattern);
  }
  const pattern = toSource(urlPattern, place);
  const matches =
    typeof urlPattern === 'string'
      ? `url.href === new URL(${pattern}, location.href).href`
      : `${pattern}.test(url.href)`;
  return destinations
    ? `({url, request}) => ${toSource(destinations, place)}.includes(request.destination) && ${matches}`
    : `({url}) => ${matches}`;
};

/**
 * The pattern as the worker has it. A recipe's may be about some kinds of requests alone: for Workbox, that is a
 * function. And the literal that Workbox makes of a RegExp is rewritten for old browsers if it names its groups.
 */
const patternOf = (route: Route, place: Place): unknown => {
  if (route.destinations) {
    return new Code(matcherSource(route, place));
  }
  return route.urlPattern instanceof RegExp ? new Code(toSource(route.urlPattern, place)) : route.urlPattern;
};

/** The callbacks that get the name of a cache, which is a release's: so the scope has to run them. */
const BY_CACHE_NAME = ['cachedResponseWillBeUsed', 'cacheDidUpdate'];

/** What of a plugin of the user's the scope runs, as text; and what is left for the strategy. */
const split = (plugin: WorkboxPlugin): {byCacheName: string[]; others: WorkboxPlugin[]} => {
  const callbacks = Object.entries(plugin);
  const moved = callbacks.filter(([name]) => BY_CACHE_NAME.includes(name));
  const others = Object.fromEntries(callbacks.filter(([name]) => !BY_CACHE_NAME.includes(name)));
  return {
    byCacheName: moved.length > 0 ? [callbacksSource(moved)] : [],
    others: callbacks.length > moved.length ? [others] : [],
  };
};

/**
 * A route that has been checked, with its entries made into code, in the order that they need.
 *
 * @throws TypeError for an option that text cannot carry, or that a plugin does not take.
 */
export const prepareRoute = (
  route: Route,
  place: Place,
  imports: Imports,
  tables: KeyTables,
): PreparedRoute => {
  const {destinations: _, features: __, ...fields} = route;
  const urlPattern = patternOf(route, place.at('urlPattern'));
  const {plugins = [], ...options} = route.options ?? {};
  const isOurStrategy = isResumable(route);
  if (!plugins.some(isEntry) && !isOurStrategy) {
    return route.destinations || route.features ? {...fields, urlPattern} : route;
  }

  const at = place.at('options');
  const isScoped = plugins.some((plugin) => isEntry(plugin) && plugin.holdfast === 'versionScope');
  const others = plugins
    .filter((plugin): plugin is WorkboxPlugin => !isEntry(plugin))
    .map((plugin) => (isScoped ? split(plugin) : {byCacheName: [], others: [plugin]}));
  const byCacheName = [
    ...others.flatMap((plugin) => plugin.byCacheName),
    ...(isScoped ? shorthandPlugins(options, at, imports) : []),
  ];
  const ours = plugins.flatMap((plugin, index) => {
    if (!isEntry(plugin)) {
      return [];
    }
    const name = plugin.holdfast;
    const where = at.at('plugins').at(index).known(`${name}()`);
    const nested = name === 'versionScope' ? byCacheName : [];
    return {name, plugin: new Code(entrySource(plugin, where, imports, tables, nested))};
  });
  const all: {name?: PluginName; plugin: object}[] = [
    ...ours,
    ...others.flatMap((plugin) => plugin.others).map((plugin) => ({plugin})),
  ];

  const {precacheFallback, ...rest} = options;
  const kept = Object.entries(rest).filter(([name]) => !(isScoped && worksByCacheName(name)));
  const inTheirOrder = inOrder(all, ({name}) => name).map(({plugin}) => plugin);
  if (isOurStrategy) {
    const given = Object.fromEntries(
      precacheFallback ? [...kept, ['precacheFallback', precacheFallback]] : kept,
    );
    return {...fields, urlPattern, ...resumableHandler(given, inTheirOrder, at, imports)};
  }
  return {
    ...fields,
    urlPattern,
    // Workbox makes plugins of its shorthands in the order of the fields. What checks an answer comes before ours;
    // what stands in for one comes when ours have none.
    options: {
      ...Object.fromEntries(kept),
      plugins: inTheirOrder,
      ...(precacheFallback ? {precacheFallback} : {}),
    },
  };
};
