import {deletePieces, keysInPieces, PieceStore} from './PieceStore.ts';
import {bytesIn} from './segments.ts';
import {discardAll, downloadUnderWay} from './underWay.ts';

/** The pieces of a file that is not whole, and that nobody has asked for in so long, are nobody's. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Whether pieces are of no more use: what they were for has gone, they were put together by a worker that has died, or
 * nobody goes on with them.
 */
const isLeftover = async (key: string, {facts, segments}: PieceStore): Promise<boolean> => {
  if (!facts || !(await caches.has(facts.home))) {
    return true;
  }
  return bytesIn(segments) === facts.size
    ? Boolean(await caches.match(key, {cacheName: facts.home, ignoreVary: true}))
    : facts.askedAt < Date.now() - KEPT_MS;
};

const clean = async (): Promise<void> => {
  for (const key of await keysInPieces()) {
    const download = await downloadUnderWay(key);
    const store = download?.store ?? (await PieceStore.open(key));
    if (!download?.isBusy && (await isLeftover(key, store)) && (await downloadUnderWay(key)) === download) {
      await (download ? download.discard() : store.clear());
    }
  }
};

let cleaned: Promise<void> | undefined;

/** Deletes what earlier workers have left: once in the life of this one. */
export const deleteLeftovers = (): Promise<void> => {
  cleaned ??= clean();
  return cleaned;
};

const dropAll = async (): Promise<void> => {
  await discardAll();
  await Promise.all((await keysInPieces()).map(deletePieces));
};

let channel: BroadcastChannel | undefined;

/** When releases go, so do the pieces of their files. What is on its way to a page goes on, unless all are dropped. */
export const dropWithReleases = (): void => {
  if (!channel) {
    channel = new BroadcastChannel('holdfast');
    channel.addEventListener('message', ({data}) => {
      if (data?.type === 'CACHES_DROPPED') {
        dropAll().catch(() => undefined);
      } else if (data?.type === 'RELEASES_EVICTED') {
        cleaned = deleteLeftovers().then(clean, clean);
        cleaned.catch(() => undefined);
      }
    });
  }
};
