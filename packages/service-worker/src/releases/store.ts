import {piecesOf} from '../downloads/piecesName.ts';
import {storeFailure} from '../guard/storeFailure.ts';
import {discardBody} from '../http/discardBody.ts';
import {hideUrl} from '../http/hideUrl.ts';
import {publicKey} from '../http/partition.ts';
import {rebuildResponse} from '../http/rebuildResponse.ts';
import {withoutBody} from '../http/withoutBody.ts';
import {withoutUrls} from '../http/withoutUrls.ts';
import {Channel} from '../messages/Channel.ts';
import type {StoreFailure} from '../messages/protocol.ts';
import {admitted} from '../worker/admitted.ts';
import {warnNotStored} from '../worker/warnNotStored.ts';
import {executeQuotaErrorCallbacks} from '../worker/workboxInternals.ts';
import {openCache} from './openCache.ts';
import {outdated, type Pin} from './pinRequest.ts';
import type {Checked, Releases} from './Releases.ts';
import {readRecord} from './records.ts';

/** A smaller body need not be watched: while it arrives, nothing is lost if it is fetched twice. */
const LARGE_BODY_BYTES = 1024 * 1024;

const isLarge = ({headers}: Response): boolean =>
  Number(headers.get('content-length') ?? LARGE_BODY_BYTES) >= LARGE_BODY_BYTES;

/** Code is not watched: made anew, a response has no URL, by which the browser finds what it compiled before. */
export const isUnseen = ({headers}: Response): boolean =>
  /wasm|javascript/.test(headers.get('content-type') ?? '');

const watched = ({body}: Response, onBytes: () => void): ReadableStream | null | undefined =>
  body?.pipeThrough(
    new TransformStream({
      transform: (chunk, controller) => {
        onBytes();
        controller.enqueue(chunk);
      },
    }),
  );

/** What the requests of a page never differ in, as a cache sees them: a `Vary` that names nothing else may stay. */
const HARMLESS_VARY = /^(?:\s*(?:accept-encoding|origin)\s*(?:,|$))*$/i;

/**
 * A response for the cache. Its key tells all assets apart, so `Vary` is removed: on the Hub's answers it would make a
 * miss of every request with another `Accept`, and `Vary: *` cannot be stored at all.
 * https://w3c.github.io/ServiceWorker/#dom-cache-put
 */
const forStorage = ({response, onBytes}: Checked, key: string): Response => {
  const hidden =
    onBytes && isLarge(response)
      ? rebuildResponse(response, {body: watched(response, onBytes)})
      : hideUrl(response, publicKey(key));
  // One that was made anew already has no URL to lose.
  const isHarmless = hidden.url && HARMLESS_VARY.test(hidden.headers.get('vary') ?? '');
  const copy = isHarmless || hidden !== response ? hidden : rebuildResponse(response);
  if (copy !== response) {
    copy.headers.delete('vary');
  }
  return withoutUrls(copy);
};

/**
 * What the puts of a stage share: the cache, once one of them has made it. A stage checks at its end, under the switch
 * lock, that all assets are there, so its puts need not. And what is put into a cache that was deleted goes with it.
 */
export interface StagePuts {
  cache?: Cache | undefined;
}

/** Puts the response. @returns what prevented it, if anything did. */
const put = async (
  releases: Releases,
  pin: Pin,
  response: Response,
  puts: StagePuts,
): Promise<StoreFailure | undefined> => {
  const {key, cacheName} = pin;
  const {cache: opened} = puts;
  const cache = opened ?? (await openCache(releases, pin));
  const before = outdated(releases, pin);
  if (before) {
    discardBody(response);
    return before;
  }
  await cache.put(key, response);
  if (!opened) {
    // Another worker of the origin may have evicted the release.
    await releases.evictions.refresh();
  }
  const after = outdated(releases, pin);
  if (after) {
    await cache.delete(key);
    return after;
  }
  // What was put into a cache that was deleted meanwhile went with it.
  if (opened || (await caches.match(key, {cacheName, ignoreVary: true}))) {
    puts.cache = cache;
    return undefined;
  }
  return 'release-evicted';
};

/**
 * A put that fails leaves no entry: the Cache API sees to that. This leaves no empty cache either, unless pieces of a
 * large file belong to it, which would be deleted with it.
 */
const deleteIfEmpty = (releases: Releases, pin: Pin): Promise<void> =>
  releases.locks.withSwitchLock(async () => {
    const {cacheName} = pin;
    // To open one that was evicted would make it anew.
    const isEmpty =
      (await caches.has(cacheName)) && (await (await caches.open(cacheName)).keys()).length === 0;
    const isAwaited =
      !outdated(releases, pin) && (await caches.keys()).some((name) => name.startsWith(piecesOf(cacheName)));
    const isOurs = isEmpty && !(await readRecord('cache', pin.line, pin.version))?.wasThere;
    // Asked last, so that nothing can begin between the question and the deletion.
    if (isOurs && !isAwaited && !releases.pendingPuts.has(cacheName)) {
      await caches.delete(cacheName);
    }
  });

/**
 * Stores a response under its key in the cache of the pinned release. What fails is reported and goes no further: the
 * page has its own copy of the body.
 *
 * @param puts those of the stage that stores it, if one does.
 * @returns what was stored, without its body; or why nothing was.
 */
export const store = async (
  releases: Releases,
  pin: Pin,
  checked: Checked,
  puts: StagePuts = {},
): Promise<Response | StoreFailure> => {
  const {failure} = checked;
  const {key, cacheName} = pin;
  const {worker} = releases;
  const channel = worker.part(Channel);
  const stored = forStorage(checked, key);

  const reason = await releases.pendingPuts.during(cacheName, () =>
    admitted(worker, pin, stored, () =>
      put(releases, pin, stored, puts).catch((error) =>
        failure() ? 'integrity-failed' : storeFailure(error),
      ),
    ),
  );
  if (!reason) {
    channel.report({type: 'ASSET_STORED', payload: {key, cacheName}});
    return withoutBody(stored);
  }

  channel.report({type: 'ASSET_NOT_STORED', payload: {key, cacheName, reason}});
  if (process.env.NODE_ENV !== 'production') {
    warnNotStored(releases.worker, key, {reason});
  }
  if (reason === 'quota-exceeded') {
    // As Workbox's own put would have done: plugins with `purgeOnQuotaError` wait for it.
    await executeQuotaErrorCallbacks().catch(() => undefined);
  }
  await deleteIfEmpty(releases, pin).catch(() => undefined);
  return reason;
};
