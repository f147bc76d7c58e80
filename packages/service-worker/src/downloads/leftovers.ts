import type {PieceStore} from './PieceStore.ts';

/** How long pieces are kept that nothing asks for, unless the file is complete and checked. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Tells whether the cache is gone in which the entry of a file belongs. */
export const isHomeless = async ({facts, place: {home}}: PieceStore): Promise<boolean> =>
  !facts || !(await caches.has(home));

/** Tells whether pieces are unneeded: nothing has asked for them in a week, or their file is an entry. */
export const isUnneeded = async ({facts, place: {home, key}}: PieceStore): Promise<boolean> => {
  const {askedAt = 0, isChecked} = facts ?? {};
  const isForgotten = !isChecked && askedAt < Date.now() - KEPT_MS;
  return isForgotten || Boolean(await caches.match(key, {cacheName: home, ignoreVary: true}));
};
