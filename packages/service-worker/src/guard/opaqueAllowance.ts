import {opaqueEntryBytes} from './opaqueEntryBytes.ts';
import type {OpaqueAllowance} from './options.ts';

/**
 * How many opaque responses may be stored at a time in this browser. Without a limit none may: to set one wrongly
 * must not fill the disk.
 */
export const maxOpaqueEntries = (
  {maxEntries = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY}: OpaqueAllowance,
  userAgent: string,
): number => {
  const entries = Math.min(maxEntries, Math.floor(maxBytes / opaqueEntryBytes(userAgent)));
  return Number.isFinite(entries) ? entries : 0;
};
