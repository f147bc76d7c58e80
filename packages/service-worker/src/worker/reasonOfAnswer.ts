import type {Reason} from './failures.ts';

/** Returns why an answer is not stored, as far as its status tells. */
export const reasonOfAnswer = ({type, status}: Response): Reason | undefined => {
  if (type === 'opaque') {
    return 'opaque';
  }
  // A network error that a plugin answers with has a reason of its own.
  return type === 'error' || status === 200 ? undefined : 'status';
};
