import type {Pin} from './pinRequest.ts';
import type {Releases} from './Releases.ts';

/** Opens the cache of a release, which is recorded first, so that it is known to be ours. */
export const openCache = (releases: Releases, pin: Pin): Promise<Cache> => {
  const open = (): Promise<Cache> => caches.open(pin.cacheName);
  // No eviction comes between the record and the cache: it would delete the one, and not know the other.
  return releases.isRecorded(pin)
    ? open()
    : releases.locks.withoutSwitches(() => releases.record(pin).then(open));
};
