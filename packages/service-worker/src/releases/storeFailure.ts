import type {StoreFailure} from './events.ts';

/** Firefox rejects with a bare `{name: 'NS_ERROR_FILE_NO_DEVICE_SPACE'}`, neither an Error nor a DOMException. */
const QUOTA = /QuotaExceeded|NO_DEVICE_SPACE|QUOTA_REACHED/;

/** Set by a plugin that checks bodies on a response whose body it has broken off. A symbol: they share no code. */
const INTEGRITY_FAILED = Symbol.for('holdfast.integrity-failed');

/**
 * What an error of `cache.put` means. The error itself is not passed on, because its text may hold a URL.
 *
 * @param response whose body was to be stored, as the plugins before gave it.
 */
export const storeFailure = (error: unknown, response?: Response): StoreFailure => {
  // The put tells only that the body broke off.
  if (response && INTEGRITY_FAILED in response) {
    return 'integrity-failed';
  }
  const name = String((error as {name?: unknown} | undefined)?.name);
  if (QUOTA.test(name)) {
    return 'quota-exceeded';
  }
  // A body stream that breaks rejects the put with the network's TypeError, an aborted one with AbortError.
  return name === 'TypeError' || name === 'AbortError' || name === 'NetworkError'
    ? 'body-incomplete'
    : 'storage-failed';
};
