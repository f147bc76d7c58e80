import {discardBody} from '../http/discardBody.ts';
import {Channel} from '../messages/Channel.ts';
import type {Refusal, StoreFailure} from '../messages/protocol.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {warnNotStored} from '../worker/warnNotStored.ts';

/** Tells whether a response is refused for what it is: it is not the asset, or its host or its account forbids it. */
export const isStoreFailure = (refusal: Refusal): refusal is Refusal & StoreFailure =>
  !['opaque', 'status', 'method', 'no-room'].includes(refusal);

/** Discards a response that is not stored, and reports why. */
export const reportRefusal = (
  worker: WorkerState,
  event: ExtendableEvent,
  key: string,
  response: Response,
  reason: Refusal,
): void => {
  discardBody(response);
  const context = worker.contextOf(event);
  if (isStoreFailure(reason)) {
    context.outcome = reason;
  }
  const {status} = response;
  worker.part(Channel).report({type: 'RESPONSE_REFUSED', payload: {key, reason, status}});
  if (process.env.NODE_ENV !== 'production') {
    const {log} = context;
    if (log) {
      log.outcome = reason;
    }
    warnNotStored(worker, key, {reason, status});
  }
};
