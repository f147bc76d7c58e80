import {shownUrl} from '../http/shownUrl.ts';
import type {WorkerState} from './WorkerState.ts';
import {warnNotStored} from './warnNotStored.ts';
import {logger} from './workboxInternals.ts';

/** What the console of a development build says of a request. */
export interface RequestLog {
  key: string;
  /** Where the asset was looked up. */
  cacheName: string;
  isHit: boolean;
  /** What became of the answer of the network: why it was refused, or that it was let through. */
  outcome?: string | undefined;
}

/**
 * Writes one line about a request that is over: its key, where it was looked up, hit or miss, and what was stored or why
 * not. Workbox's own lines say of a release's asset that it is not cached, since it does not know of the release's cache.
 *
 * @param error what a callback or the put failed with.
 */
export const writeRequestLog = (worker: WorkerState, event: ExtendableEvent, error?: Error): void => {
  const context = worker.contextOf(event);
  const {log} = context;
  if (log) {
    const {key, cacheName, isHit} = log;
    const outcome = error?.name ?? context.outcome ?? log.outcome;
    const stored = outcome === 'stored' ? ', stored' : `, not stored${outcome ? `: ${outcome}` : ''}`;
    // Once for all plugins of the route.
    context.log = undefined;
    logger.log(
      `'${shownUrl(key)}' in '${cacheName}': ${isHit ? 'hit' : 'miss'}${isHit && !outcome ? '' : stored}.`,
    );
    if (context.outcome && context.outcome !== 'stored') {
      warnNotStored(worker, key, {reason: context.outcome});
    }
  }
};
