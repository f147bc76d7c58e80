import {logger} from 'workbox-core/_private/logger.js';
import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  HandlerDidErrorCallback,
  HandlerDidRespondCallback,
  HandlerWillStartCallback,
  RequestWillFetchCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';

/** It has none. */
export type OnlyIfChangedPluginOptions = Record<string, never>;

/** What is kept of one request. Workbox hands it to each callback. */
interface RequestState {
  hasLookUpBegun: boolean;
  found: Promise<Response | undefined>;
  tellFound: (response: Response | undefined) => void;
  /** The fetch was called off, because the stored answer is what the host has. */
  isUnchanged: boolean;
}

/** Without the sign for weakness, which a host may set on a compressed answer and not on a part of the file. */
const etagOf = (response: Response | undefined): string | undefined =>
  response?.headers.get('etag')?.replace(/^W\//, '');

/**
 * Asks for the file's first byte. That is what a client of the Hub does to learn about a file: HEAD is not
 * answered by every signed URL, and `If-None-Match` would need a preflight.
 *
 * @returns `undefined` where the host does not say what it has.
 */
const askForETag = async ({url, headers, credentials}: Request): Promise<string | undefined> => {
  const probe = new Headers(headers);
  probe.set('range', 'bytes=0-0');
  try {
    const response = await fetch(url, {headers: probe, credentials, cache: 'no-store'});
    // A host that does not know ranges has begun to send the whole file.
    response.body?.cancel().catch(() => undefined);
    return response.ok ? etagOf(response) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The same request, for the whole of the file that the host has now. Only a whole one is stored, and for days
 * still the HTTP cache may have the one of before. Made anew, a request loses the referrer, unless it is given
 * again: https://fetch.spec.whatwg.org/#dom-request
 */
const forRenewal = (request: Request): Request => {
  const {referrer, referrerPolicy} = request;
  const renewing = new Request(request, {cache: 'no-cache', referrer, referrerPolicy});
  renewing.headers.delete('range');
  renewing.headers.delete('if-range');
  return renewing;
};

/**
 * Lets `StaleWhileRevalidate` download a file again only if it has changed.
 *
 * That strategy fetches on every visit, and trusts in the HTTP cache to make it cheap. For a model on the Hub
 * it is not: the redirect may not be cached, and leads to another signed URL each time. So this plugin asks
 * for one byte, and if that comes with the `ETag` of the stored answer, it calls the fetch off. Where either
 * has none, or the host is not sure to have answered, the file is fetched.
 *
 * The sizes are not compared: a stored `Content-Length` may be that of a compressed body, while ranges count
 * the bytes of the file, and an `ETag` stands for the size too.
 *
 * Give it to the strategy behind what finds the stored answer, so behind `VersionScopePlugin`. Other
 * strategies run as if it were not there. So does `StaleWhileRevalidate` where the plugins before this one need
 * longer than a task for the key, and the file is fetched on every visit: `VersionScopePlugin` does, for a URL
 * without a version, because it reads the current one from IndexedDB.
 */
export class OnlyIfChangedPlugin implements WorkboxPlugin {
  handlerWillStart: HandlerWillStartCallback = async ({state}) => {
    const kept = state as RequestState;
    kept.found = new Promise((resolve) => {
      kept.tellFound = resolve;
    });
  };

  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, state}) => {
    (state as RequestState).hasLookUpBegun ||= mode === 'read';
    return request;
  };

  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async ({cachedResponse, state}) => {
    (state as RequestState).tellFound(cachedResponse);
    return cachedResponse;
  };

  /** @throws Error to call the fetch off: it ends in `StaleWhileRevalidate`, which has an answer by then. */
  requestWillFetch: RequestWillFetchCallback = async ({request, state}) => {
    const kept = state as RequestState;
    // `StaleWhileRevalidate` begins its look-up behind the fetch, and gets here in the same task if no plugin before
    // has to wait for the key. One that has not got here by the next may come only after the fetch, if at all
    // (`NetworkFirst`): waiting for it might never end.
    await new Promise((resolve) => setTimeout(resolve));
    if (process.env.NODE_ENV !== 'production' && !kept.hasLookUpBegun) {
      logger.debug('Whether the file has changed is not asked: nothing was looked up when the fetch began.');
    }
    const stored = kept.hasLookUpBegun ? etagOf(await kept.found) : undefined;
    const current = stored && (await askForETag(request));
    if (!current) {
      return request;
    }
    if (current !== stored) {
      return forRenewal(request);
    }
    kept.isUnchanged = true;
    if (process.env.NODE_ENV !== 'production') {
      logger.debug('What is stored is what the host has, so it is not fetched again.');
    }
    throw new Error('unchanged');
  };

  /** A plugin behind this one may have turned the stored answer down, and there is no other. */
  handlerDidError: HandlerDidErrorCallback = async ({request, state}) => {
    const response = (state as RequestState).isUnchanged ? await fetch(request) : undefined;
    // Made anew, it has no URL: behind a redirect that is the signed one, and not for the page to see.
    return response?.redirected ? new Response(response.body, response) : response;
  };

  /** A look-up that failed tells nothing. Nobody waits for it any longer than the page does. */
  handlerDidRespond: HandlerDidRespondCallback = async ({state}) =>
    (state as RequestState).tellFound(undefined);
}
