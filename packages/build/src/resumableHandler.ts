import {checkResumableCacheFirstOptions} from '@holdfast/service-worker/options';
import {Code} from './Code.ts';
import {callbacksSource} from './callbacksSource.ts';
import type {Route, RouteOptions} from './config.ts';
import type {Imports} from './Imports.ts';
import type {Place} from './Place.ts';
import {fieldSources} from './toSource.ts';

/** What the strategy takes besides its plugins. */
const FIELDS = ['cacheName', 'fetchOptions', 'matchOptions', 'minBytes', 'pieceBytes'];

/** Tells whether a route has a strategy of ours, which Workbox does not know by its name. */
export const isResumable = ({handler}: Route): boolean => handler === 'ResumableCacheFirst';

const pluginSource = (plugin: object): string =>
  plugin instanceof Code ? String(plugin) : callbacksSource(Object.entries(plugin));

/**
 * Returns the strategy as a handler, with its plugins. For Workbox that is a function, of which it writes down the text;
 * it makes plugins of its shorthands only for strategies of its own.
 *
 * @throws TypeError for a shorthand, or for an option that the strategy does not take.
 */
export const resumableHandler = (
  options: RouteOptions,
  plugins: readonly object[],
  place: Place,
  imports: Imports,
): {handler: () => void; options: undefined} => {
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !FIELDS.includes(name)) {
      place
        .at(name)
        .refuse(
          'is a plugin that Workbox makes for its own strategies only.',
          "Leave it out, or take 'CacheFirst'. `expiration` and `broadcastUpdate` work beside versionScope().",
        );
    }
  }
  try {
    const {plugins: _checkedEachByItself, cacheName, ...rest} = options;
    checkResumableCacheFirstOptions({...rest, cacheName: cacheName ?? undefined});
  } catch (error) {
    place.refuse('does not suit the handler.', (error as Error).message);
  }
  const fields = [...fieldSources(options, place), `"plugins": [${plugins.map(pluginSource).join(', ')}]`];
  const source = `new ${imports.use('ResumableCacheFirst')}({${fields.join(', ')}})`;
  return {handler: Object.assign(() => {}, {toString: () => source}), options: undefined};
};
