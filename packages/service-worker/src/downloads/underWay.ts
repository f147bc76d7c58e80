import {askFor, type Begun, begin, type Sizes, type Wanted} from './begin.ts';
import type {Download} from './Download.ts';
import {type FilePlace, idOf} from './PieceStore.ts';
import {FileChanged} from './Upstream.ts';

/** The downloads of this worker, by what their files are called; `undefined` for an answer that is of no large file. */
const underWay = new Map<string, Promise<Download | undefined>>();

export type Obtained = Begun | {stored: Response};

/** Looks into the cache. */
type LookUp = () => Promise<Response | undefined>;

/** Joins the download of a file that is under way, or begins one, unless the file is there by now. */
const joinOrBegin = async (wanted: Wanted, sizes: Sizes, lookUp: LookUp): Promise<Obtained> => {
  const id = idOf(wanted);
  for (let other = underWay.get(id); other; other = underWay.get(id)) {
    const download = await other;
    if (download && !download.isClosed) {
      return {download};
    }
    // What it was about to store or to delete is done first.
    await download?.whenIdle();
    const stored = download && (await lookUp());
    if (stored) {
      return {stored};
    }
    if (underWay.get(id) === other) {
      underWay.delete(id);
    }
  }
  const begun = begin(wanted, sizes);
  const download = begun.then(
    (one) => ('download' in one ? one.download : undefined),
    () => undefined,
  );
  underWay.set(id, download);
  if (!(await download) && underWay.get(id) === download) {
    underWay.delete(id);
  }
  return begun;
};

/** The download of a file in this worker, if others may join it. What another one was about to store or delete is done. */
export const downloadUnderWay = async (place: FilePlace): Promise<Download | undefined> => {
  const download = await underWay.get(idOf(place));
  if (!download?.isClosed) {
    return download;
  }
  await download.whenIdle();
  return undefined;
};

/**
 * What answers a request for a file: a download that many may share, with what the host has answered to this one; an
 * ordinary response; or what is stored by now.
 *
 * @throws what `fetch` throws.
 */
export const obtain = async (wanted: Wanted, sizes: Sizes, lookUp: LookUp): Promise<Obtained> => {
  for (;;) {
    const begun = await joinOrBegin(wanted, sizes, lookUp);
    if (!('download' in begun) || begun.part) {
      return begun;
    }
    const {download} = begun;
    try {
      return {download, part: await askFor(wanted.request, download)};
    } catch (error) {
      if (error instanceof FileChanged) {
        await download.discard();
      } else if (!download.isClosed) {
        throw error;
      }
      // Else another request has found it replaced, or nobody wanted it any more.
    }
  }
};
