import {estimate} from './estimate.ts';

/** Below this size, to ask the browser costs more than a failed put. */
const LARGE_BODY_BYTES = 1024 * 1024;

/**
 * Tells whether a body fits into the storage, as the browser reports it.
 *
 * `false` is reliable. `true` is not: Chromium may report a quota of the usage plus 10 GiB whatever the disk holds
 * (chromestatus.com, "Predictable Reported Quota"), so a put may fail all the same.
 */
export const hasRoomFor = async (response: Response): Promise<boolean> => {
  const bytes = Number(response.headers.get('content-length') ?? 0);
  if (!(bytes >= LARGE_BODY_BYTES)) {
    return true;
  }
  const {quota = Number.POSITIVE_INFINITY, usage = 0} = await estimate();
  return bytes <= quota - usage;
};
