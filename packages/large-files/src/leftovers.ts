import {keysInPieces, PieceStore} from './PieceStore.ts';
import {bytesIn} from './segments.ts';
import {downloadUnderWay} from './underWay.ts';

/** The pieces of a file that is not whole, and that nobody has asked for in so long, are nobody's. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether what pieces were for has gone: the cache whose entry the file was to become. */
const isHomeless = async ({facts}: PieceStore): Promise<boolean> => !facts || !(await caches.has(facts.home));

/** Whether nobody needs pieces: they were put together by a worker that has died, or nobody goes on with them. */
const isDone = async (key: string, {facts, segments}: PieceStore): Promise<boolean> => {
  const {home = '', size, askedAt = 0} = facts ?? {};
  return bytesIn(segments) === size
    ? Boolean(await caches.match(key, {cacheName: home, ignoreVary: true}))
    : askedAt < Date.now() - KEPT_MS;
};

const clean = async (): Promise<void> => {
  for (const key of await keysInPieces()) {
    const download = await downloadUnderWay(key);
    const store = download?.store ?? (await PieceStore.open(key));
    const isLeftover = (await isHomeless(store)) || (!download?.isBusy && (await isDone(key, store)));
    if (isLeftover && (await downloadUnderWay(key)) === download) {
      await (download ? download.drop() : store.clear());
    }
  }
};

let cleaned: Promise<void> | undefined;

/** Deletes what earlier workers have left: once in the life of this one. */
export const deleteLeftovers = (): Promise<void> => {
  cleaned ??= clean();
  return cleaned;
};

let channel: BroadcastChannel | undefined;

/** When releases go, so do the pieces of their files, also of those that are on their way. */
export const dropWithReleases = (): void => {
  if (!channel) {
    channel = new BroadcastChannel('holdfast');
    channel.addEventListener('message', ({data}) => {
      if (data?.type === 'CACHES_DROPPED' || data?.type === 'RELEASES_EVICTED') {
        cleaned = deleteLeftovers().then(clean, clean);
        cleaned.catch(() => undefined);
      }
    });
  }
};
