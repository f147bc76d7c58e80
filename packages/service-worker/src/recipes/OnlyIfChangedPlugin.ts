import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  HandlerDidErrorCallback,
  HandlerDidRespondCallback,
  HandlerWillStartCallback,
  RequestWillFetchCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {deriveRequest, type RequestChanges} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {hideUrl} from '../http/hideUrl.ts';
import {logger} from '../worker/workboxInternals.ts';
import {checkOptions, type OnlyIfChangedPluginOptions} from './onlyIfChangedOptions.ts';

export type {OnlyIfChangedPluginOptions} from './onlyIfChangedOptions.ts';

/** What the plugin keeps for one request. Workbox passes it to each callback. */
interface RequestState {
  hasLookUpBegun: boolean;
  found: Promise<Response | undefined>;
  resolveFound: (response: Response | undefined) => void;
  /** The fetch was called off, because the host has what is stored. */
  isUnchanged: boolean;
}

/** Returns the tag without its mark for weakness, which a host may set on a compressed answer and not on a part. */
const etagOf = (response: Response | undefined): string | undefined =>
  response?.headers.get('etag')?.replace(/^W\//, '');

/**
 * Requests the first byte of the file, as clients of the Hub do to learn about a file: HEAD is not answered for every
 * signed URL, and `If-None-Match` would need a preflight.
 *
 * @returns `undefined` where the host does not tell what it has.
 */
const requestETag = async (request: Request): Promise<string | undefined> => {
  const {mode} = request;
  const probe: RequestChanges = {cache: 'no-store', integrity: '', headers: {range: 'bytes=0-0'}};
  if (mode === 'no-cors') {
    probe.mode = 'cors';
  }
  try {
    const response = await fetch(deriveRequest(request, probe));
    // A host without ranges has begun to send the whole file.
    discardBody(response);
    return response.ok ? etagOf(response) : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Lets `StaleWhileRevalidate` download a file again only if it has changed.
 *
 * That strategy fetches on every visit, and relies on the HTTP cache to make it cheap. For a model on the Hub it is not:
 * the redirect may not be cached, and leads to another signed URL each time. So this plugin requests one byte, and if
 * that comes with the `ETag` of the stored answer, it calls the fetch off. Where either has no `ETag`, or the host does
 * not answer, the file is fetched.
 *
 * Sizes are not compared: a stored `Content-Length` may be that of a compressed body, while ranges count the bytes of the
 * file, and an `ETag` covers the size, too.
 *
 * Give it to the strategy after what finds the stored answer, so after `VersionScopePlugin`. With other strategies it
 * does nothing. Nor does it with `StaleWhileRevalidate` where an earlier plugin takes longer than a task for the key; the
 * file is then fetched on every visit. `VersionScopePlugin` does, for a URL without a version, because it reads the
 * current one from IndexedDB.
 */
export class OnlyIfChangedPlugin implements WorkboxPlugin {
  readonly holdfast = 'onlyIfChanged';

  /** @throws TypeError for any option: in a development build. */
  constructor(options: OnlyIfChangedPluginOptions = {}) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
  }

  handlerWillStart: HandlerWillStartCallback = async ({state}) => {
    const kept = state as RequestState;
    kept.found = new Promise((resolve) => {
      kept.resolveFound = resolve;
    });
  };

  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, state}) => {
    (state as RequestState).hasLookUpBegun ||= mode === 'read';
    return request;
  };

  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async ({cachedResponse, state}) => {
    (state as RequestState).resolveFound(cachedResponse);
    return cachedResponse;
  };

  /** @throws Error to call the fetch off: it ends in `StaleWhileRevalidate`, which has an answer by then. */
  requestWillFetch: RequestWillFetchCallback = async ({request, state}) => {
    const kept = state as RequestState;
    // `StaleWhileRevalidate` begins its look-up after the fetch, and gets here in the same task if no earlier plugin
    // waits for the key. A look-up that has not begun by the next task may begin only after the fetch, or never
    // (`NetworkFirst`): to wait for it might never end.
    await new Promise((resolve) => setTimeout(resolve));
    if (process.env.NODE_ENV !== 'production' && !kept.hasLookUpBegun) {
      logger.debug('The file is fetched without asking for its ETag: no look-up had begun before the fetch.');
    }
    const stored = kept.hasLookUpBegun ? etagOf(await kept.found) : undefined;
    const current = stored && (await requestETag(request));
    if (!current) {
      return request;
    }
    if (current !== stored) {
      // The whole file, since only that is stored; past the HTTP cache, which may have the old file for days.
      return deriveRequest(request, {cache: 'no-cache', headers: {range: null, 'if-range': null}});
    }
    kept.isUnchanged = true;
    if (process.env.NODE_ENV !== 'production') {
      logger.debug('The host has what is stored, so the file is not fetched again.');
    }
    throw new Error('unchanged');
  };

  /** Fetches the file where a later plugin has refused the stored answer, and there is no other. */
  handlerDidError: HandlerDidErrorCallback = async ({request, state}) => {
    const response = (state as RequestState).isUnchanged ? await fetch(request) : undefined;
    // The URL behind a redirect may be a signed one, and not for the page to see.
    return response?.redirected ? hideUrl(response, request.url) : response;
  };

  /** Ends the wait for a look-up that failed. */
  handlerDidRespond: HandlerDidRespondCallback = async ({state}) =>
    (state as RequestState).resolveFound(undefined);
}
