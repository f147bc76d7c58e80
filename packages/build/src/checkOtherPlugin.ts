import {checkFunction, type WhatWorkersKnow} from './checkFunction.ts';
import {className, insteadOf} from './instead.ts';
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

/**
 * Whether Workbox would write something else into the worker than the plugin is here. It writes down what an object
 * has itself, so methods of a class, which stand in its prototype, and private fields are gone without a word.
 */
const losesSomething = (plugin: object): boolean => {
  const prototype = Object.getPrototypeOf(plugin) ?? {};
  const isPlain = prototype.constructor === Object || !prototype.constructor;
  return (
    Object.keys(plugin).some((field) => !CALLBACKS.includes(field)) ||
    (!isPlain && Object.getOwnPropertyNames(prototype).some((name) => name !== 'constructor'))
  );
};

/**
 * Refuses a plugin that is no entry of ours and would not do in the worker what it does here.
 *
 * @throws TypeError
 */
export const checkOtherPlugin = (plugin: object, place: Place, isKnown: WhatWorkersKnow): void => {
  const instead = insteadOf(plugin);
  if (instead || losesSomething(plugin)) {
    place.refuse(
      className(plugin) === 'Object'
        ? 'has fields that are no callbacks of a Workbox plugin.'
        : `is an instance of ${className(plugin)}, of which text keeps nothing.`,
      `Use ${instead ?? 'an object that has nothing but callbacks, written as arrow functions'}, ` +
        'or write the worker yourself with injectManifest.',
    );
  }
  for (const [name, callback] of Object.entries(plugin)) {
    if (typeof callback === 'function') {
      checkFunction(callback, place.at(name), isKnown, {isOnOneLine: true});
    }
  }
};
