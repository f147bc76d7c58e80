import {discardBody} from '../http/discardBody.ts';
import {shownUrl} from '../http/shownUrl.ts';
import {Channel} from '../messages/Channel.ts';
import type {Refusal, StoreFailure} from '../messages/protocol.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {logger} from '../worker/workboxInternals.ts';
import {explainOpaque} from './explainOpaque.ts';

/** Tells whether a response is refused for what it is: it is not the asset, or its host or its account forbids it. */
export const isStoreFailure = (refusal: Refusal): refusal is Refusal & StoreFailure =>
  !['opaque', 'status', 'method', 'no-room'].includes(refusal);

const ADVICE: {[Reason in Refusal]?: string} = {
  html: "HTML came in its place. Set the option 'html' of its route if it is what you want.",
  'no-store':
    'its host forbids it with `Cache-Control: no-store`. Write `quotaGuard({ignoreNoStore: true})` on its route to store it all the same.',
  private:
    "it is one account's alone, and nothing tells which one's. Call `signIn()` of @holdfast/window, in a worker with `accounts()`.",
};

/** Discards a response that is not stored, and reports why. */
export const reportRefusal = (
  worker: WorkerState,
  event: ExtendableEvent,
  key: string,
  response: Response,
  reason: Refusal,
): void => {
  discardBody(response);
  if (isStoreFailure(reason)) {
    worker.contextOf(event).outcome = reason;
  }
  const {status} = response;
  worker.part(Channel).report({type: 'RESPONSE_REFUSED', payload: {key, reason, status}});
  if (process.env.NODE_ENV !== 'production') {
    const {log} = worker.contextOf(event);
    const shown = shownUrl(key);
    if (log) {
      log.outcome = reason;
    }
    if (reason === 'opaque') {
      explainOpaque(shown);
    } else if (ADVICE[reason]) {
      logger.warn(`'${shown}' was not stored, because ${ADVICE[reason]}`);
    }
  }
};
