/**
 * What one opaque response takes from the quota on average, beyond its own size. Each engine adds random padding, so
 * that a page cannot learn the size of another site's answer from the quota.
 *
 * - Chromium: uniform up to 14,431 KiB (storage/common/quota/padding_key.cc).
 * - Firefox: 0.13 to 1.08 MB for each entry, measured with Firefox 153.
 * - WebKit: uniform up to 128,000 bytes, then up to a multiple of 32,000 (CacheStorageConnection.cpp).
 */
const MEAN_PADDING_BYTES = [
  {engine: /Firefox\//, bytes: 600_000},
  {engine: /Chrom(e|ium)\//, bytes: (14_431 * 1024) / 2},
  {engine: /AppleWebKit\//, bytes: 128_000 / 2 + 16_000},
];

/** For another engine: as much as the worst of these. */
const UNKNOWN_ENGINE_BYTES = (14_431 * 1024) / 2;

/** Returns the padding, in bytes, that one opaque response takes from the quota of a browser on average. */
export const opaqueEntryBytes = (userAgent: string): number =>
  MEAN_PADDING_BYTES.find(({engine}) => engine.test(userAgent))?.bytes ?? UNKNOWN_ENGINE_BYTES;
