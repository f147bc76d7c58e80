import {checkFunction, type WhatWorkersKnow} from './checkFunction.ts';
import type {RouteOptions} from './config.ts';
import type {Importable, Imports} from './Imports.ts';
import type {Place} from './Place.ts';
import {toSource} from './toSource.ts';

type Options = Readonly<Record<string, unknown>>;

/** How Workbox makes a plugin of a shorthand. */
interface Shorthand {
  plugin: Importable;
  /** The options of the plugin's constructor. */
  unfold: (value: Options) => Options;
  fields: readonly string[];
}

/**
 * Workbox's shorthands for plugins that work by the name of a cache. A release's cache has a name that the strategy
 * does not know, so `VersionScopePlugin` runs these plugins.
 */
const SHORTHANDS: Readonly<Record<string, Shorthand>> = {
  expiration: {
    plugin: 'ExpirationPlugin',
    unfold: (value) => value,
    fields: ['matchOptions', 'maxAgeSeconds', 'maxEntries', 'purgeOnQuotaError'],
  },
  broadcastUpdate: {
    plugin: 'BroadcastUpdatePlugin',
    unfold: ({channelName, options}) => ({channelName, ...(options as Options)}),
    fields: ['channelName', 'generatePayload', 'headersToCheck', 'notifyAllClients'],
  },
};

export const worksByCacheName = (option: string): boolean => option in SHORTHANDS;

/**
 * The plugins that the shorthands of a route stand for, as Workbox itself would write them.
 *
 * @throws TypeError for an option that the plugin does not have, or that text cannot carry.
 */
export const shorthandPlugins = (
  options: RouteOptions,
  place: Place,
  imports: Imports,
  isKnown: WhatWorkersKnow,
): string[] =>
  Object.entries(SHORTHANDS).flatMap(([name, {plugin, unfold, fields}]) => {
    const given = (options as Options)[name] as Options | undefined;
    const sources = Object.entries(given ? unfold(given) : {})
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => {
        const at = place.at(name).at(field);
        if (!fields.includes(field)) {
          at.refuse('is no option of Workbox.', `There are ${fields.join(', ')}.`);
        }
        if (typeof value === 'function') {
          checkFunction(value, at, isKnown, {isOnOneLine: true});
          return `${field}: ${value}`;
        }
        return `${field}: ${toSource(value, at)}`;
      });
    return given ? [`new ${imports.use(plugin)}({${sources.join(', ')}})`] : [];
  });
