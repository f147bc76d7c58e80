import {executeQuotaErrorCallbacks} from 'workbox-core/_private/executeQuotaErrorCallbacks.js';

/** Firefox rejects with a bare `{name: 'NS_ERROR_FILE_NO_DEVICE_SPACE'}`, neither an Error nor a DOMException. */
const QUOTA = /QuotaExceeded|NO_DEVICE_SPACE|QUOTA_REACHED/;

/** Whether storage has refused something for want of room. */
export const isOfQuota = (error: unknown): boolean => QUOTA.test(String((error as Partial<Error>)?.name));

/** As after a put of Workbox's own: plugins with `purgeOnQuotaError` wait for it. What fails in that is not told. */
export const makeRoom = async (error: unknown): Promise<void> => {
  if (isOfQuota(error)) {
    await executeQuotaErrorCallbacks().catch(() => undefined);
  }
};
