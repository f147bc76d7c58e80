import type {StoragePlace} from '../worker/StorageLedger.ts';
import type {WorkerState} from '../worker/WorkerState.ts';

/**
 * Returns where what is asked for by an event belongs.
 *
 * @param cacheName the strategy's own cache, for what belongs to no release.
 */
export const homeOf = (
  worker: WorkerState,
  event: ExtendableEvent,
  cacheName: string,
): Pick<StoragePlace, 'cacheName' | 'line' | 'version'> => {
  const {home, release} = worker.contextOf(event);
  return {cacheName: home?.() ?? cacheName, line: release?.line, version: release?.version};
};
