import {inOrder} from '@holdfast/recipes';
import {Code} from './Code.ts';
import {checkFunction, type WhatWorkersKnow} from './checkFunction.ts';
import {checkOtherPlugin} from './checkOtherPlugin.ts';
import type {PreparedRoute, Route} from './config.ts';
import {entrySource, isEntry} from './entries.ts';
import type {Imports} from './Imports.ts';
import type {Place} from './Place.ts';
import {shorthandPlugins, worksByCacheName} from './shorthands.ts';
import {toSource} from './toSource.ts';

/** What the routes of one configuration share. */
export interface Worker {
  imports: Imports;
  isKnown: WhatWorkersKnow;
}

/**
 * The pattern as the worker has it. A recipe's may be about some kinds of requests alone: for Workbox, that is a
 * function. And the literal that Workbox makes of a RegExp is rewritten for old browsers if it names its groups.
 */
const patternOf = ({urlPattern, destinations}: Route, place: Place): unknown => {
  if (!(urlPattern instanceof RegExp) || urlPattern instanceof Code) {
    return urlPattern;
  }
  const source = toSource(urlPattern, place);
  return new Code(
    destinations
      ? `((pattern) => ({url, request}) => ${toSource(destinations, place)}.includes(request.destination) && pattern.test(url.href))(${source})`
      : source,
  );
};

/**
 * A route in which our entries have become code, in the order that they need. A route without any stays as it is,
 * once it has turned out that Workbox can write it down.
 *
 * @throws TypeError
 */
export const prepareRoute = (route: Route, place: Place, {imports, isKnown}: Worker): PreparedRoute => {
  for (const field of ['urlPattern', 'handler'] as const) {
    const value = route[field];
    if (typeof value === 'function') {
      checkFunction(value, place.at(field), isKnown);
    }
  }
  const {plugins = [], ...options} = route.options ?? {};
  const at = place.at('options');
  // With their places in the configuration, because they come into another order.
  const placed = plugins.map((plugin, index) => {
    const name = isEntry(plugin) ? plugin.holdfast : undefined;
    const where = at.at('plugins').at(index);
    return {plugin, name, where: name ? where.known(`${name}()`) : where};
  });
  for (const {plugin, name, where} of placed) {
    if (!name) {
      checkOtherPlugin(plugin, where, isKnown);
    } else if (placed.find((one) => one.name === name)?.plugin !== plugin) {
      where.refuse('is there for the second time.', 'A route has each plugin once.');
    }
  }
  const ours = placed.filter(({name}) => name);
  if (ours.length === 0) {
    return route;
  }
  if (typeof route.handler !== 'string') {
    place
      .at('handler')
      .refuse('is a function, to which Workbox hands no plugins.', "Name a strategy, e.g. 'CacheFirst'.");
  }

  const isScoped = ours.some(({name}) => name === 'versionScope');
  const byCacheName = isScoped ? shorthandPlugins(options, at, imports, isKnown) : [];
  const code = inOrder(placed, ({name}) => name).map(({plugin, name, where}) => {
    const more = name === 'versionScope' ? [`"plugins": [${byCacheName.join(', ')}]`] : [];
    return isEntry(plugin) ? new Code(entrySource(plugin, where, imports, more)) : plugin;
  });
  const {destinations, ...fields} = route;
  const {precacheFallback, ...others} = options;
  const kept = Object.entries(others).filter(([name]) => !(isScoped && worksByCacheName(name)));
  return {
    ...fields,
    urlPattern: patternOf(route, place.at('urlPattern')),
    // Workbox makes plugins of its shorthands in the order of the fields. What checks an answer comes before ours;
    // what stands in for one comes when ours have none.
    options: {...Object.fromEntries(kept), plugins: code, ...(precacheFallback ? {precacheFallback} : {})},
  };
};
