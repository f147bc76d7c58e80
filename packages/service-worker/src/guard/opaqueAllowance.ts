import {opaqueEntryBytes} from './opaqueEntryBytes.ts';
import type {OpaqueAllowance} from './options.ts';

/**
 * Returns how many opaque responses may be stored at a time in this browser: 0 where no limit is set, since a mistyped
 * limit must not fill the disk.
 */
export const maxOpaqueEntries = (
  {maxEntries = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY}: OpaqueAllowance,
  userAgent: string,
): number => {
  const entries = Math.min(maxEntries, Math.floor(maxBytes / opaqueEntryBytes(userAgent)));
  return Number.isFinite(entries) ? entries : 0;
};
