import type {StoreFailure} from '../messages/protocol.ts';

/** Firefox rejects with a bare `{name: 'NS_ERROR_FILE_NO_DEVICE_SPACE'}`, neither an Error nor a DOMException. */
const QUOTA = /QuotaExceeded|NO_DEVICE_SPACE|QUOTA_REACHED/;

/** A body that fails rejects the put with the network's TypeError, an aborted one with an AbortError. */
const OF_BODY = /^(TypeError|AbortError|NetworkError)$/;

/** Says what an error of `cache.put` means. The error itself goes no further, because its text may hold a URL. */
export const storeFailure = (error: unknown): StoreFailure => {
  const name = String((error as {name?: unknown} | undefined)?.name);
  if (QUOTA.test(name)) {
    return 'quota-exceeded';
  }
  return OF_BODY.test(name) ? 'body-incomplete' : 'storage-failed';
};
