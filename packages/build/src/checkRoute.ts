import {Code} from './Code.ts';
import {checkFunction, type WhatWorkersKnow} from './checkFunction.ts';
import {checkOtherPlugin} from './checkOtherPlugin.ts';
import type {Route} from './config.ts';
import {isEntry} from './entries.ts';
import type {Place} from './Place.ts';

/** Looks for functions in what Workbox writes down, however deep. */
const checkFunctions = (value: unknown, place: Place, isKnown: WhatWorkersKnow): void => {
  if (typeof value === 'function') {
    checkFunction(value, place, isKnown, {isOnOneLine: true});
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, field] of Object.entries(value)) {
      checkFunctions(field, place.at(name), isKnown);
    }
  }
};

/**
 * Refuses what of a route would not be in the worker what it is here, and what would leave our plugins without use.
 *
 * @throws TypeError
 */
export const checkRoute = (route: Route, place: Place, isKnown: WhatWorkersKnow): void => {
  const {urlPattern, destinations, handler, method = 'GET'} = route;
  for (const [field, value] of Object.entries({urlPattern, handler})) {
    if (typeof value === 'function') {
      checkFunction(value, place.at(field), isKnown);
    }
  }
  if (destinations && !(urlPattern instanceof RegExp)) {
    place.at('urlPattern').refuse('is no RegExp.', "A route with 'destinations' needs one.");
  }

  const {plugins = [], ...others} = route.options ?? {};
  const at = place.at('options');
  checkFunctions(others, at, isKnown);
  if (!Array.isArray(plugins)) {
    at.at('plugins').refuse('is no list.', 'Write plugins: […], with a plugin for each item.');
  }
  const names = plugins.map((plugin) => (isEntry(plugin) ? plugin.holdfast : undefined));
  for (const [index, plugin] of plugins.entries()) {
    const where = at.at('plugins').at(index);
    const name = names[index];
    if (name && names.indexOf(name) < index) {
      where.known(`${name}()`).refuse('is there for the second time.', 'A route has each plugin once.');
    }
    if (typeof plugin !== 'object' || plugin === null) {
      where.refuse(
        `is ${typeof plugin === 'function' ? 'a function' : String(plugin)}.`,
        'A plugin is an object: write stableKey(), with brackets.',
      );
    }
    if (!name && !(plugin instanceof Code)) {
      checkOtherPlugin(plugin, where, isKnown);
    }
  }
  if (!names.some(Boolean)) {
    return;
  }
  if (typeof handler !== 'string') {
    place
      .at('handler')
      .refuse(
        'is no name of a strategy, and Workbox hands plugins to nothing else.',
        "Write e.g. 'CacheFirst'.",
      );
  }
  if (method !== 'GET') {
    place
      .at('method')
      .refuse(`is ${method}.`, 'Our plugins are about what can be stored, which only GET can.');
  }
};
