import {storeFailure} from '../guard/storeFailure.ts';
import type {FailureReason} from '../messages/protocol.ts';
import {NotStored} from './NotStored.ts';
import {FileChanged, UpstreamFailure} from './Upstream.ts';

/** Says why a file was not downloaded, as jobs report it. */
export const failureOf = (error: unknown): {reason: FailureReason; status?: number} => {
  if (error instanceof UpstreamFailure) {
    return {reason: 'status', status: error.status};
  }
  if (error instanceof NotStored) {
    return {reason: error.reason};
  }
  const reason = storeFailure(error);
  // A connection fails with a TypeError. https://fetch.spec.whatwg.org/#fetch-method
  return {
    reason:
      error instanceof FileChanged
        ? 'body-incomplete'
        : reason === 'body-incomplete'
          ? 'unreachable'
          : reason,
  };
};
