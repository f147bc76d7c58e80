import type {Feature} from '../messages/Feature.ts';
import {MessageListener} from '../messages/MessageListener.ts';
import {MissWarnings} from '../worker/MissWarnings.ts';
import {PolicyBlocks} from '../worker/PolicyBlocks.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {finishEvictions} from './evict.ts';
import {Releases} from './Releases.ts';
import {versionMessages} from './versionMessages.ts';

/**
 * Answers the messages about versions, and sets features up. Call it while the worker's script runs. Calling it twice
 * does no harm.
 */
export const setUp = (features: readonly Feature[], worker: WorkerState = thisWorker): void => {
  worker.part(MessageListener).answer(versionMessages(worker));
  for (const feature of features) {
    feature.setUp(worker);
  }
  if (process.env.NODE_ENV !== 'production') {
    worker.part(MissWarnings);
  }
  worker.part(PolicyBlocks).passBy();
  // No event waits for this. If the worker is killed in the middle, nothing is lost: the next start resumes it.
  finishEvictions(worker.part(Releases)).catch(() => undefined);
};
