import {logger} from 'workbox-core/_private/logger.js';
import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {answerRange} from './answerRange.ts';
import {createRequestKey} from './createRequestKey.ts';
import {checkOptions, type StableKeyOptions} from './options.ts';

export type StableKeyPluginOptions = StableKeyOptions;

/**
 * Keeps an asset under its {@link stableKey}, so that it is found again whatever signed URL, mirror or spelling it
 * is asked by. Give it to a strategy as its first plugin.
 *
 * - The key is a request without `Authorization`, so no credential is written down; its other headers stay.
 * - A request whose `Accept` brings another body from the same URL has a key of its own: it is never stored as the
 *   file, and never answered with it.
 * - A request for a single range is answered from the stored file with that range.
 */
export class StableKeyPlugin implements WorkboxPlugin {
  private readonly keyOf: (url: string, accept?: string) => string;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: StableKeyPluginOptions = {}) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    this.keyOf = createRequestKey(options);
  }

  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request}) => {
    // A key is a GET request. Made of another method it would let the empty answer to a HEAD be kept as the file.
    if (request.method !== 'GET') {
      return request;
    }
    const key = this.keyOf(request.url, request.headers.get('accept') ?? '');
    if (key === request.url && !request.headers.has('authorization')) {
      return request;
    }
    const headers = new Headers(request.headers);
    headers.delete('authorization');
    // A range is one of the file. Clients ask for a description and a byte at once, and get the description whole.
    if (headers.has('range') && key !== this.keyOf(request.url)) {
      headers.delete('range');
    }
    if (process.env.NODE_ENV !== 'production') {
      logger.debug(`The stable key of this request is '${key}'.`);
    }
    return new Request(key, {headers});
  };

  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async ({request, cachedResponse}) =>
    // A stored body that cannot be read is a miss: the page gets the range from the network.
    cachedResponse && answerRange(request, cachedResponse).catch(() => null);
}
