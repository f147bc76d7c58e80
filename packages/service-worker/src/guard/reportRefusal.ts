import {discardBody} from '../http/discardBody.ts';
import {Channel} from '../messages/Channel.ts';
import type {Mismatch, Refusal} from '../messages/protocol.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {warnNotStored} from '../worker/warnNotStored.ts';

/** Tells whether a response is refused because it is not the asset. */
export const isMismatch = (refusal: Refusal): refusal is Mismatch =>
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
  context.refusal = reason;
  if (isMismatch(reason)) {
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
