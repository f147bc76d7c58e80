/** The name of the `BroadcastChannel` on which a worker tells what it did. */
export const EVENT_CHANNEL = 'holdfast';

/**
 * Why an asset that reached the page is not in the cache.
 *
 * - `quota-exceeded`: the browser has no room for it.
 * - `body-incomplete`: the connection broke before the last byte.
 * - `integrity-failed`: its size or its digest is not the expected one.
 * - `release-evicted`: its line was switched while it was on its way.
 * - `redirected-code`: a script or style sheet was redirected to another folder, which its imports count on.
 * - `turned-off`: everything has been turned off.
 * - `storage-failed`: the browser's storage refused it for another reason.
 */
export type StoreFailure =
  | 'quota-exceeded'
  | 'body-incomplete'
  | 'integrity-failed'
  | 'release-evicted'
  | 'redirected-code'
  | 'turned-off'
  | 'storage-failed';

/** What a version-scoped worker tells every page of its origin, on {@link EVENT_CHANNEL}. */
export type VersionScopeEvent =
  | {type: 'ASSET_STORED'; payload: {key: string; cacheName: string}}
  | {type: 'ASSET_NOT_STORED'; payload: {key: string; cacheName: string; reason: StoreFailure}}
  | {type: 'VERSION_SWITCHED'; payload: {line: string; version: string; evicted: string[]}}
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
