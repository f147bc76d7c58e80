/**
 * What one opaque response takes from the quota, on the average, beyond its own size: each engine adds random
 * padding, so that a page cannot learn the size of another site's answer from the quota.
 *
 * - Chromium: uniform up to 14,431 KiB (storage/common/quota/padding_key.cc).
 * - Firefox: 0.13 to 1.08 MB an entry, measured with Firefox 153.
 * - WebKit: uniform up to 128,000 bytes, then up to a multiple of 32,000 (CacheStorageConnection.cpp).
 */
const MEAN_PADDING_BYTES = [
  {engine: /Firefox\//, bytes: 600_000},
  {engine: /Chrom(e|ium)\//, bytes: (14_431 * 1024) / 2},
  {engine: /AppleWebKit\//, bytes: 128_000 / 2 + 16_000},
];

/** For an engine that is none of these: as much as the worst of them. */
const UNKNOWN_ENGINE_BYTES = Math.max(...MEAN_PADDING_BYTES.map(({bytes}) => bytes));

/** The padding, in bytes, that one opaque response takes from the quota in this browser, on the average. */
export const opaqueEntryBytes = (userAgent: string): number =>
  MEAN_PADDING_BYTES.find(({engine}) => engine.test(userAgent))?.bytes ?? UNKNOWN_ENGINE_BYTES;
