import {logger} from 'workbox-core/_private/logger.js';
import {Strategy} from 'workbox-strategies/Strategy.js';
import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {after} from './after.ts';
import {answerRanges, rangesOf} from './answerRanges.ts';
import {MIN_BYTES, PIECE_BYTES, type Sizes} from './begin.ts';
import {cachePut, lookThrough} from './cachePut.ts';
import type {Download} from './Download.ts';
import {watchForLeftovers} from './leftovers.ts';
import {checkOptions, type ResumableCacheFirstOptions} from './options.ts';
import type {Part} from './Upstream.ts';
import {type Obtained, obtain} from './underWay.ts';
import {note} from './watched.ts';

/** Tells `VersionScopePlugin` that requests for one file share its download already. Symbols: they share no code. */
const SHARES_DOWNLOADS = Symbol.for('holdfast.shares-downloads');
/** Where that plugin tells the name of the cache that an asset belongs into; `undefined` where it is not to be stored. */
const CACHE_NAME = Symbol.for('holdfast.cache-name');

/** What says nothing against the bytes: they stay in pieces. */
const IS_OF_STORAGE = /^(quota-exceeded|storage-failed|refused)$/;

/**
 * How long an event holds the worker for a download. Chromium breaks off one that takes longer than five minutes, and its
 * connections. From then on the messages of `download()` of `@holdfast/window` keep the worker alive.
 */
const HOLD_FOR_MS = 240_000;

/**
 * Workbox's `CacheFirst` for files of any size. A download that is interrupted goes on where it stopped, memory stays
 * flat, ranges are answered, and everybody who asks for a file reads the same download.
 */
export class ResumableCacheFirst extends Strategy {
  private readonly sizes: Sizes;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: ResumableCacheFirstOptions = {}) {
    super(options);
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    const {minBytes = MIN_BYTES, pieceBytes = PIECE_BYTES} = options;
    this.sizes = {minBytes, pieceBytes};
    watchForLeftovers();
  }

  override async _handle(request: Request, handler: StrategyHandler): Promise<Response> {
    Object.assign(handler.event, {[SHARES_DOWNLOADS]: true});
    const lookUp = () => handler.cacheMatch(request);
    const stored = await lookUp();
    if (stored) {
      note(request, handler);
      return fromStored(request, stored);
    }

    const {url: key} = await handler.getCacheKey(request, 'read');
    const asked = await this.asked(request, handler);
    const event = handler.event as ExtendableEvent & {[CACHE_NAME]?: string};
    const homeOf = () => (CACHE_NAME in event ? event[CACHE_NAME] : this.cacheName);
    const begun = await this.begun(key, asked, homeOf, lookUp).catch(async (error) => {
      note(request, handler, Promise.reject(error));
      await handler.runCallbacks('fetchDidFail', {
        error,
        event: handler.event,
        originalRequest: request.clone(),
        request: asked.clone(),
      });
      throw error;
    });
    if ('stored' in begun) {
      note(request, handler);
      return fromStored(request, begun.stored);
    }
    if ('response' in begun) {
      const answer = await this.succeeded(asked, begun.response, handler);
      const put = handler.cachePut(request, answer.clone());
      note(request, handler, put);
      void handler.waitUntil(put.catch(() => undefined));
      return answer;
    }

    const {download, part} = begun;
    // A host that has answered with more than the range answers none.
    const [range = part] = rangesOf(asked, download) ?? [];
    const isMore = part && range && part.end - part.start > range.end - range.start;
    const wanted = isMore ? withoutRange(asked) : asked;
    const answer = answerRanges(wanted, download);
    const done = this.fetchAndStore(download, part, wanted, request, handler);
    note(request, handler, done, download);
    const told = done.catch((error) => {
      if (process.env.NODE_ENV !== 'production') {
        // In the query there may be a signature.
        logger.warn(`'${key.split('?')[0]}' is not whole yet: ${error}. The next request goes on with it.`);
      }
    });
    void handler.waitUntil(Promise.race([told, after(HOLD_FOR_MS)]));
    return this.succeeded(asked, answer, handler);
  }

  /** What answers it. What is not to be stored, or has to be checked by the browser as a whole, comes as it ever does. */
  private async begun(
    key: string,
    request: Request,
    homeOf: () => string | undefined,
    lookUp: () => Promise<Response | undefined>,
  ): Promise<Obtained> {
    const home = homeOf();
    return home === undefined || request.integrity
      ? {response: await fetch(request)}
      : obtain({key, request, home, mayBeStored: () => homeOf() === home}, this.sizes, lookUp);
  }

  /** The request as plugins would have it sent. */
  private async asked(request: Request, handler: StrategyHandler): Promise<Request> {
    let asked = request;
    for (const callback of handler.iterateCallbacks('requestWillFetch')) {
      asked = await callback({request: asked.clone(), event: handler.event});
    }
    // A page that goes does not take it from others who want it, too.
    const {signal} = new AbortController();
    return new Request(asked, Object.assign({}, this.fetchOptions, {signal}));
  }

  /** The response as plugins would have it answered. */
  private async succeeded(request: Request, response: Response, handler: StrategyHandler): Promise<Response> {
    let answer = response;
    for (const callback of handler.iterateCallbacks('fetchDidSucceed')) {
      answer = await callback({event: handler.event, request: request.clone(), response: answer});
    }
    return answer;
  }

  private async fetchAndStore(
    download: Download,
    part: Part | undefined,
    wanted: Request,
    request: Request,
    handler: StrategyHandler,
  ): Promise<void> {
    if (rangesOf(wanted, download)) {
      await (part && download.keep(part));
    } else {
      await download.fetchAll(part);
    }
    let isSettled = download.store.facts?.isChecked ?? false;
    while (download.isWhole && !isSettled) {
      // A stage may be about to store it. When that is given up, it is left to this request.
      download.stored ??= this.putTogether(download, request, handler).catch((error) => {
        // The next request may fare better.
        download.stored = undefined;
        throw error;
      });
      isSettled = await download.stored;
    }
  }

  /**
   * Makes one ordinary entry of the pieces, where there is room for both for a moment. Else they stay, and are looked
   * through by the plugins, once.
   */
  private async putTogether(download: Download, request: Request, handler: StrategyHandler): Promise<true> {
    const {size, headers, store} = download;
    // Those who read have the disk to themselves.
    await download.whenQuiet();
    const {quota = Number.POSITIVE_INFINITY, usage = 0} = await estimate();
    const through = async (pass: (whole: Response) => Promise<string | undefined>) => {
      const whole = new Response(download.read({start: 0, end: size}), {headers});
      try {
        return await pass(whole);
      } finally {
        // What a plugin has refused unread is still there to be read.
        whole.body?.cancel().catch(() => undefined);
      }
    };
    const put = (whole: Response) => cachePut(handler, this.cacheName, request, whole);
    let failure = quota - usage > size ? await through(put) : 'storage-failed';
    if (failure && IS_OF_STORAGE.test(failure)) {
      failure = await through((whole) => lookThrough(handler, request, whole));
      if (!failure) {
        // Should a piece of it be damaged one day, it is to be looked through again.
        download.stored = undefined;
        await store.check(true);
        return true;
      }
    }
    if (!failure || download.isWhole) {
      // The worker need not live on for it: what a killed one leaves goes with the leftovers.
      download.finish(failure ? 'failed' : 'done').catch(() => undefined);
    } else {
      // A piece was damaged, which breaks off what is read, and is missing now. It says nothing against the others.
      download.stored = undefined;
    }
    return true;
  }
}

/** What the browser says about its storage, if it says anything. */
const estimate = (): Promise<StorageEstimate> => navigator.storage.estimate().catch(() => ({}));

const withoutRange = (request: Request): Request => {
  const headers = new Headers(request.headers);
  headers.delete('range');
  return new Request(request, {headers});
};

/** Where plugins have answered a range already, that is the answer. Those of an opaque response nobody may read. */
const fromStored = async (request: Request, stored: Response): Promise<Response> => {
  if (!request.headers.has('range') || stored.status !== 200) {
    return stored;
  }
  const blob = await stored.blob();
  const {headers} = stored;
  return answerRanges(request, {
    size: blob.size,
    headers,
    read: ({start, end}) => blob.slice(start, end).stream() as ReadableStream<Uint8Array<ArrayBuffer>>,
  });
};
