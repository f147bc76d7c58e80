import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {answerFromStored} from '../http/answerFromStored.ts';
import {createRequestKey, type RequestKey} from './createRequestKey.ts';
import {checkOptions, type StableKeyOptions} from './options.ts';
import {type CompiledTables, resolveRules} from './resolveRules.ts';

/**
 * What a key needs of a request: its ranges, to be answered from the stored file, and what hosts name in `Vary` of their
 * files. Any other header may be a credential, under a name that no list has.
 */
const OF_KEYS = /^(?:accept(?:-.*)?|if-range|range)$/;

/** A `StableKeyPlugin` without built-in tables. A build gives it those that its routes need, with `compileTables()`. */
export class PlainStableKeyPlugin implements WorkboxPlugin {
  readonly holdfast = 'stableKey';
  private readonly requestKey: RequestKey;

  /**
   * @param tables the rules that are known besides those of the options.
   * @throws TypeError that names the option, what it must be, and the value it got: in a development build.
   */
  constructor(options: StableKeyOptions = {}, tables: CompiledTables = {providers: [], signatures: []}) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    this.requestKey = createRequestKey(resolveRules(options, tables));
  }

  /**
   * Returns the key of a URL, as requests through this plugin get it.
   *
   * @param accept the `Accept` header of the request. A few hosts answer one URL with two bodies.
   */
  keyOf(url: string, accept?: string): string {
    return this.requestKey(url, accept);
  }

  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode}) => {
    // A key is a GET request. Made of another method, it would let the empty answer to a HEAD be stored as the file.
    if (request.method !== 'GET') {
      return request;
    }
    const key = this.keyOf(request.url, request.headers.get('accept') ?? '');
    // What is only looked up is not stored: another object would cost time on every hit.
    if (key === request.url && mode === 'read' && !request.headers.has('authorization')) {
      return request;
    }
    const headers = new Headers();
    request.headers.forEach((value, name) => {
      if (OF_KEYS.test(name)) {
        headers.set(name, value);
      }
    });
    // A range belongs to the file. Clients ask for a description and one byte at once, and get the whole description.
    if (headers.has('range') && key !== this.keyOf(request.url)) {
      headers.delete('range');
    }
    return new Request(key, {headers});
  };

  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async ({request, cachedResponse}) =>
    // A stored body that cannot be read counts as a miss: the page gets the range from the network.
    cachedResponse && answerFromStored(request, cachedResponse).catch(() => null);
}
