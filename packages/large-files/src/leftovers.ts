import {deletePieces, keysInPieces, PieceStore} from './PieceStore.ts';
import {bytesIn} from './segments.ts';
import {discardAll, isUnderWay} from './underWay.ts';

/** Pieces that nobody has asked for in so long are nobody's. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether pieces are of no more use: nobody goes on with them, or they were put together by a worker that has died. */
const isLeftover = async (key: string, {facts, askedAt, segments}: PieceStore): Promise<boolean> => {
  const isWhole = bytesIn(segments) === facts?.size;
  return askedAt < Date.now() - KEPT_MS || (isWhole && Boolean(await caches.match(key, {ignoreVary: true})));
};

let cleaned: Promise<void> | undefined;

const clean = async (): Promise<void> => {
  for (const key of await keysInPieces()) {
    const store = isUnderWay(key) ? undefined : await PieceStore.open(key);
    if (store && (await isLeftover(key, store)) && !isUnderWay(key)) {
      await store.clear();
    }
  }
};

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

/** When all caches of releases are dropped, pieces go, too. */
export const dropWithReleases = (): void => {
  if (!channel) {
    channel = new BroadcastChannel('holdfast');
    channel.addEventListener('message', ({data}) => {
      if (data?.type === 'CACHES_DROPPED') {
        dropAll().catch(() => undefined);
      }
    });
  }
};
