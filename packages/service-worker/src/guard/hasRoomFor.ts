import {estimate} from './estimate.ts';

/** Below this, asking the browser costs more than a failed put. */
const LARGE_BODY_BYTES = 1024 * 1024;

/**
 * Whether the browser says that a body fits.
 *
 * A "no" can be relied on. A "yes" cannot: Chromium may report a quota of usage plus 10 GiB whatever the disk
 * holds (chromestatus.com, "Predictable Reported Quota"), so an error of the put has to be handled all the same.
 */
export const hasRoomFor = async (response: Response): Promise<boolean> => {
  const bytes = Number(response.headers.get('content-length') ?? 0);
  if (!(bytes >= LARGE_BODY_BYTES)) {
    return true;
  }
  const {quota = Number.POSITIVE_INFINITY, usage = 0} = await estimate();
  return bytes <= quota - usage;
};
