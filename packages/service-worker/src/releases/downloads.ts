declare const self: ServiceWorkerGlobalScope;

/** How long one waits before one looks whether the page that has begun is still there. */
const LOOK_AFTER_MS = 20_000;

/** An asset on its way into the cache of a release. */
export interface Download {
  /** Resolves when it is stored, or will not be: whether somebody else had better begin it again. */
  ended: Promise<boolean>;
  /** The first call counts. */
  end(isWorthAnother: boolean): void;
  /** The page for which it was begun; empty for none. */
  client: string;
  /** Whether the strategy that fetches it lets others of its kind read along: they need not wait. */
  isShared: boolean;
}

interface Place {
  key: string;
  cacheName: string;
}

const underWay = new Map<string, Download>();

/** Counts the downloads that have ended. */
let ends = 0;

/** How many downloads have ended: to be asked before one begins to look. */
export const endsSoFar = (): number => ends;

const idOf = ({key, cacheName}: Place): string => `${cacheName} ${key}`;

/** The download of an asset that is under way in this worker, if one is. */
export const downloadOf = (place: Place): Download | undefined => underWay.get(idOf(place));

/** Lets others wait for an asset, until the download is ended. */
export const beginDownload = (place: Place, client = '', isShared = false): Download => {
  const id = idOf(place);
  let resolve: (isWorthAnother: boolean) => void;
  const ended = new Promise<boolean>((settle) => {
    resolve = settle;
  });
  const download: Download = {
    ended,
    client,
    isShared,
    end: (isWorthAnother) => {
      if (underWay.get(id) === download) {
        underWay.delete(id);
        ends += 1;
      }
      resolve(isWorthAnother);
    },
  };
  underWay.set(id, download);
  return download;
};

/** Ends the wait for a download whose page has gone: nobody is left who would see that it stands still. */
const whenAbandoned = async ({client}: Download, isOver: () => boolean): Promise<boolean> => {
  do {
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_AFTER_MS);
    });
  } while (!isOver() && (client === '' || (await self.clients.get(client))));
  return false;
};

/** Resolves to whether somebody had better begin the download again. */
export const whenEnded = async (download: Download): Promise<boolean> => {
  let isOver = false;
  const isWorthAnother = await Promise.race([download.ended, whenAbandoned(download, () => isOver)]);
  isOver = true;
  return isWorthAnother;
};

/** What was found, or the download that has been begun since nothing was. */
export interface FoundOrBegun<Found> {
  found?: Found | undefined;
  download?: Download | undefined;
}

/**
 * Looks for an asset, and while somebody else is bringing it in, waits for that and looks again. Where it has to be
 * fetched, a download is begun in the same step, so that whoever looks next waits for it.
 *
 * A download that was broken off (its page has gone, its connection was cut) makes room for the next one. One that has
 * failed otherwise, for want of room or with an error of the server, would hardly do better the next time: then nobody
 * waits any more, and it is fetched without anybody's waiting for it.
 *
 * @param client the page that asks; empty for none.
 * @param mayReadAlong whether whoever asks can read along with a download that is shared. He does not wait for it.
 * @param endsSeen the downloads that had ended when the first look was begun.
 */
export const findOrBegin = async <Found>(
  place: Place,
  client: string,
  mayReadAlong: boolean,
  endsSeen: number,
  find: () => Promise<Found | undefined>,
): Promise<FoundOrBegun<Found>> => {
  let seen = endsSeen;
  for (;;) {
    const found = await find();
    const other = downloadOf(place);
    if (found) {
      return {found};
    }
    if (other) {
      if (other.isShared && mayReadAlong) {
        return {};
      }
      const isWorthAnother = await whenEnded(other);
      seen = ends;
      if (!isWorthAnother) {
        return {found: await find()};
      }
    } else if (seen === ends) {
      return {download: beginDownload(place, client, mayReadAlong)};
    } else {
      // One that has ended while this looked may have been the one.
      seen = ends;
    }
  }
};
