import {discardBody} from '../http/discardBody.ts';
import {shownUrl} from '../http/shownUrl.ts';
import {Channel} from '../messages/Channel.ts';
import type {Mismatch, Refusal} from '../messages/protocol.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {logger} from '../worker/workboxInternals.ts';
import {explainOpaque} from './explainOpaque.ts';

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
    const shown = shownUrl(key);
    if (log) {
      log.outcome = reason;
    }
    if (reason === 'opaque') {
      explainOpaque(shown);
    } else if (reason === 'html') {
      logger.warn(
        `'${shown}' was not stored, because HTML came in its place. Set the option 'html' of its route if it is what you want.`,
      );
    }
  }
};
