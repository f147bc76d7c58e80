/** The name of the `BroadcastChannel` on which a worker tells what it did. */
export const EVENT_CHANNEL = 'holdfast';

/**
 * Why an asset that reached the page is not in the cache.
 *
 * - `quota-exceeded`: the browser has no room for it.
 * - `body-incomplete`: the connection broke before the last byte.
 * - `integrity-failed`: its size or its digest is not the expected one.
 * - `release-evicted`: its release was deleted while it was on its way.
 * - `not-current`: its URL has no version, and the page uses a release that is not the current one any more. What the
 *   server has there by now may be of another one.
 * - `kept-as-file`: it is kept in the origin private file system.
 * - `redirected-code`: a script or style sheet was redirected to another folder, which its imports count on.
 * - `turned-off`: everything has been turned off.
 * - `storage-failed`: the browser's storage refused it for another reason.
 */
export type StoreFailure =
  | 'quota-exceeded'
  | 'body-incomplete'
  | 'integrity-failed'
  | 'release-evicted'
  | 'not-current'
  | 'kept-as-file'
  | 'redirected-code'
  | 'turned-off'
  | 'storage-failed';

/** What a version-scoped worker tells every page of its origin, on {@link EVENT_CHANNEL}. */
export type VersionScopeEvent =
  | {type: 'ASSET_STORED'; payload: {key: string; cacheName: string}}
  | {type: 'ASSET_NOT_STORED'; payload: {key: string; cacheName: string; reason: StoreFailure}}
  | {type: 'VERSION_SWITCHED'; payload: {line: string; version: string}}
  | {
      /** Caches of a line were deleted. Of the versions that are kept, each has a reason: see the messages. */
      type: 'RELEASES_EVICTED';
      payload: {line: string; evicted: string[]; kept: string[]};
    }
  | {type: 'CACHES_DROPPED'; payload: {dropped: string[]}};

let channel: BroadcastChannel | undefined;

/** The channel of this context. It does not hear what it says itself. */
export const eventChannel = (): BroadcastChannel => {
  channel ??= new BroadcastChannel(EVENT_CHANNEL);
  return channel;
};

/** Tells every page and every other worker of the origin. */
export const report = (event: VersionScopeEvent): void => {
  eventChannel().postMessage(event);
};
