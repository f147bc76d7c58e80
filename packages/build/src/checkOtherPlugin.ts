import {checkFunction, type WhatWorkersKnow} from './checkFunction.ts';
import type {Place} from './Place.ts';

const CALLBACKS = [
  'cacheDidUpdate',
  'cachedResponseWillBeUsed',
  'cacheKeyWillBeUsed',
  'cacheWillUpdate',
  'fetchDidFail',
  'fetchDidSucceed',
  'handlerDidComplete',
  'handlerDidError',
  'handlerDidRespond',
  'handlerWillRespond',
  'handlerWillStart',
  'requestWillFetch',
];

/** What a configuration has in the place of an instance. */
const INSTEAD = new Map([
  ['CrossOriginIsolationPlugin', 'crossOriginIsolation() of @holdfast/build'],
  ['OnlyIfChangedPlugin', 'onlyIfChanged() of @holdfast/build'],
  ['QuotaGuardPlugin', 'quotaGuard() of @holdfast/build'],
  ['StableKeyPlugin', 'stableKey() of @holdfast/build'],
  ['VersionScopePlugin', 'versionScope() of @holdfast/build'],
  ['BackgroundSyncPlugin', "the route's option 'backgroundSync'"],
  ['BroadcastUpdatePlugin', "the route's option 'broadcastUpdate'"],
  ['CacheableResponsePlugin', "the route's option 'cacheableResponse'"],
  ['ExpirationPlugin', "the route's option 'expiration'"],
  ['PrecacheFallbackPlugin', "the route's option 'precacheFallback'"],
  ['RangeRequestsPlugin', "the route's option 'rangeRequests'"],
]);

/**
 * Whether Workbox would write something else into the worker than the plugin is here. It writes down what an object
 * has itself, so methods of a class, which stand in its prototype, and private fields are gone without a word.
 */
const losesSomething = (plugin: object): boolean =>
  Object.keys(plugin).some((field) => !CALLBACKS.includes(field)) ||
  CALLBACKS.some((name) => name in plugin && !Object.hasOwn(plugin, name));

/**
 * Refuses a plugin that is no entry of ours and would not do in the worker what it does here.
 *
 * @throws TypeError
 */
export const checkOtherPlugin = (plugin: object, place: Place, known: WhatWorkersKnow): void => {
  const className = Object.getPrototypeOf(plugin)?.constructor?.name;
  const instead = INSTEAD.get(className);
  if (instead || losesSomething(plugin)) {
    place.refuse(
      className === 'Object'
        ? 'has fields that are no callbacks of a Workbox plugin.'
        : `is an instance of ${className}, of which text keeps nothing.`,
      `Use ${instead ?? 'an object that has nothing but callbacks, written as arrow functions'}, ` +
        'or write the worker yourself with injectManifest.',
    );
  }
  for (const [name, callback] of Object.entries(plugin)) {
    if (typeof callback === 'function') {
      checkFunction(callback, place.at(name), known, {isOnOneLine: true});
    }
  }
};
