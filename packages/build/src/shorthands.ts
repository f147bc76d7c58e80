import type {RouteOptions} from './config.ts';
import type {Importable, Imports} from './Imports.ts';
import type {Place} from './Place.ts';
import {toSource} from './toSource.ts';

/** What a field of an option has to be, as a word and as a question. */
type Kind = readonly [need: string, isRight: (value: unknown) => boolean];

type Fields = Readonly<Record<string, Kind>>;

const POSITIVE: Kind = ['a number above 0', (value) => typeof value === 'number' && value > 0];
const FLAG: Kind = ['true or false', (value) => typeof value === 'boolean'];
const TEXT: Kind = ['a string', (value) => typeof value === 'string'];
const TEXTS: Kind = [
  'a list of strings',
  (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
];
const OBJECT: Kind = ['an object', (value) => typeof value === 'object' && value !== null];

const BROADCAST_FIELDS: Fields = {headersToCheck: TEXTS, notifyAllClients: FLAG};

/** The text of an object, each field of which has been asked about: Workbox, which does so too, gets none of this. */
const checkedSource = (value: unknown, place: Place, kinds: Fields, more: readonly string[] = []): string => {
  if (typeof value !== 'object' || value === null) {
    return place.refuse('must be an object.', `It may have ${Object.keys(kinds).join(', ')}.`);
  }
  const sources = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([name, field]) => {
      const at = place.at(name);
      const [need, isRight] =
        kinds[name] ?? at.refuse('is no option.', `There are ${Object.keys(kinds).join(', ')}.`);
      const source = toSource(field, at);
      return isRight(field) ? `${name}: ${source}` : at.refuse(`is ${source}.`, `It must be ${need}.`);
    });
  return `{${[...more, ...sources].join(', ')}}`;
};

/** How Workbox makes a plugin of a shorthand: its class, and the text of its options. */
interface Shorthand {
  plugin: Importable;
  source: (value: unknown, place: Place) => string;
}

/**
 * Workbox's shorthands for plugins that work by the name of a cache. A release's cache has a name that the strategy
 * does not know, so `VersionScopePlugin` runs these plugins.
 */
const SHORTHANDS: Readonly<Record<string, Shorthand>> = {
  expiration: {
    plugin: 'ExpirationPlugin',
    source: (value, place) =>
      checkedSource(value, place, {
        matchOptions: OBJECT,
        maxAgeSeconds: POSITIVE,
        maxEntries: POSITIVE,
        purgeOnQuotaError: FLAG,
      }),
  },
  broadcastUpdate: {
    plugin: 'BroadcastUpdatePlugin',
    // Its options stand in a field of their own, beside a name that its constructor takes among them.
    source: (value, place) => {
      checkedSource(value, place, {channelName: TEXT, options: OBJECT});
      const {channelName, options = {}} = value as {channelName?: string; options?: object};
      const name = channelName === undefined ? [] : [`channelName: ${toSource(channelName, place)}`];
      return checkedSource(options, place.at('options'), BROADCAST_FIELDS, name);
    },
  },
};

export const worksByCacheName = (option: string): boolean => Object.hasOwn(SHORTHANDS, option);

/**
 * The plugins that the shorthands of a route stand for, as Workbox itself would write them.
 *
 * @throws TypeError for an option that the plugin does not have, or that text cannot carry.
 */
export const shorthandPlugins = (options: RouteOptions, place: Place, imports: Imports): string[] =>
  Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => {
      const shorthand = worksByCacheName(name) ? SHORTHANDS[name] : undefined;
      return shorthand
        ? `new ${imports.use(shorthand.plugin)}(${shorthand.source(value, place.at(name))})`
        : [];
    });
