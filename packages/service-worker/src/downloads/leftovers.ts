import {filesInPieces, PieceStore} from './PieceStore.ts';
import {downloadUnderWay} from './underWay.ts';

/** Pieces that nobody has asked for in so long are nobody's, unless they are all there and were found right. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** When a worker has started, the requests that it was started for come first. */
const LOOKS_AFTER_MS = 5000;

/** Whether what pieces were for has gone: the cache whose entry the file was to become. */
const isHomeless = async ({facts, place: {home}}: PieceStore): Promise<boolean> =>
  !facts || !(await caches.has(home));

/** Whether nobody needs pieces: nobody has gone on with them, or the entry is there, and a worker has died before they went. */
const isDone = async ({facts, place: {home, key}}: PieceStore): Promise<boolean> => {
  const {askedAt = 0, isChecked} = facts ?? {};
  const isForgotten = !isChecked && askedAt < Date.now() - KEPT_MS;
  return isForgotten || Boolean(await caches.match(key, {cacheName: home, ignoreVary: true}));
};

const clean = async (): Promise<void> => {
  for (const place of await filesInPieces()) {
    const download = await downloadUnderWay(place);
    const store = download?.store ?? (await PieceStore.open(place));
    const isLeftover = (await isHomeless(store)) || (!download?.isBusy && (await isDone(store)));
    if (isLeftover && (await downloadUnderWay(place)) === download) {
      await (download ? download.drop() : store.clear());
    }
  }
};

let cleaned: Promise<void> | undefined;

/** Deletes what earlier workers have left: once in the life of this one. It never rejects. */
export const deleteLeftovers = (): Promise<void> => {
  cleaned ??= clean().catch(() => undefined);
  return cleaned;
};

let channel: BroadcastChannel | undefined;

/**
 * Sees to it that pieces go: those that earlier workers have left, and with releases those of their files, also of those
 * that are on their way.
 */
export const watchForLeftovers = (): void => {
  if (!channel) {
    channel = new BroadcastChannel('holdfast');
    channel.addEventListener('message', ({data}) => {
      if (data?.type === 'CACHES_DROPPED' || data?.type === 'RELEASES_EVICTED') {
        cleaned = deleteLeftovers()
          .then(clean)
          .catch(() => undefined);
      }
    });
    setTimeout(deleteLeftovers, LOOKS_AFTER_MS);
  }
};
