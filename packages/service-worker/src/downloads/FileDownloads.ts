import {sleep} from '../timing/sleep.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {isMeantFor} from './access.ts';
import {askFor, type Begun, begin, type Wanted} from './begin.ts';
import type {FileDownload} from './FileDownload.ts';
import {isHomeless, isUnneeded} from './leftovers.ts';
import {NotStored} from './NotStored.ts';
import type {Sizes} from './options.ts';
import {type FilePlace, filesInPieces, idOf, PieceStore} from './PieceStore.ts';
import {FileChanged, Upstream, UpstreamFailure} from './Upstream.ts';

/** The request for which a worker starts comes first. */
const CLEANS_AFTER_MS = 5000;

/** For so long, a request that has been given a download may take to read it. */
const FORGETS_AFTER_MS = 10_000;

/** What answers a request for a file. */
export type Obtained = Begun | {stored: Response};

/** Looks into the cache. */
type LookUp = () => Promise<Response | undefined>;

/** The large files that a worker downloads, one download for all requests for a file. */
export class FileDownloads {
  private readonly worker: WorkerState;
  /** By place; `undefined` for an answer that turned out to be of no large file. */
  private readonly inProgress = new Map<string, Promise<FileDownload | undefined>>();
  private cleaning = Promise.resolve();
  private isCleanedOnce = false;

  constructor(worker: WorkerState) {
    this.worker = worker;
    worker.cleanups.add(() => this.clean());
  }

  /**
   * Returns what answers a request for a file: a download that many may share, with what the host has answered to this
   * request; an ordinary response; or what is stored by now.
   *
   * @throws what `fetch` throws.
   */
  async obtain(wanted: Wanted, sizes: Sizes, lookUp: LookUp): Promise<Obtained> {
    if (!this.isCleanedOnce) {
      this.isCleanedOnce = true;
      void sleep(CLEANS_AFTER_MS).then(() => this.clean());
    }
    for (;;) {
      const begun = await this.joinOrBegin(wanted, sizes, lookUp);
      if (!('download' in begun) || begun.part) {
        return begun;
      }
      const {download, upstream} = begun;
      try {
        return {download, upstream, part: await askFor(wanted.request, begun)};
      } catch (error) {
        if (error instanceof UpstreamFailure) {
          download.dropIfGone(error);
          return {response: error.response};
        }
        if (error instanceof FileChanged) {
          if (download.readers.count > 0 && !download.accesses.has(upstream.access)) {
            // This request's file is another one than that of those that read.
            return {response: await fetch(wanted.request)};
          }
          await download.drop(error);
        } else if (!download.isClosed) {
          throw error;
        }
        // Else another request found it replaced, or it was stopped.
      }
    }
  }

  /** Deletes pieces whose home was deleted, and those that earlier workers left behind. It never rejects. */
  clean(): Promise<void> {
    this.cleaning = this.cleaning.then(() => this.deleteLeftovers()).catch(() => undefined);
    return this.cleaning;
  }

  /** Joins the download of a file, or begins one, unless the file is stored by now. */
  private async joinOrBegin(wanted: Wanted, sizes: Sizes, lookUp: LookUp): Promise<Obtained> {
    const {inProgress} = this;
    const id = idOf(wanted);
    for (let other = inProgress.get(id); other; other = inProgress.get(id)) {
      const download = await other;
      if (download && !download.isClosed) {
        const {facts, size} = download;
        // A body that is longer than announced is read by those alone that have begun.
        return Number.isFinite(size) && (await isMeantFor(facts, wanted.request))
          ? {download, upstream: new Upstream(wanted.request, facts)}
          : {response: await fetch(wanted.request)};
      }
      // What it is storing or deleting comes first.
      await download?.whenIdle();
      const stored = download && (await lookUp());
      if (stored) {
        return {stored};
      }
      if (inProgress.get(id) === other) {
        inProgress.delete(id);
      }
    }
    const begun = begin(this.worker, wanted, sizes);
    const download = begun.then(
      (one) => ('download' in one ? one.download : undefined),
      () => undefined,
    );
    inProgress.set(id, download);
    const one = await download;
    if (one) {
      void this.forgetWhenIdle(id, one, download);
    } else if (inProgress.get(id) === download) {
      inProgress.delete(id);
    }
    return begun;
  }

  /** Forgets a download that nothing has used for a while. What is stored of it is found again. */
  private async forgetWhenIdle(
    id: string,
    download: FileDownload,
    entry: Promise<FileDownload | undefined>,
  ): Promise<void> {
    const {inProgress} = this;
    const isIdle = (): boolean => !download.isBusy && (download.isClosed || !download.storing);
    do {
      await download.changes.until(() => !download.isBusy);
      await download.whenIdle();
      await sleep(FORGETS_AFTER_MS);
    } while (!isIdle() && inProgress.get(id) === entry);
    if (inProgress.get(id) === entry) {
      inProgress.delete(id);
    }
  }

  /** Returns the download of a file, if others may join it. What a closed one is storing or deleting comes first. */
  private async openOne(place: FilePlace): Promise<FileDownload | undefined> {
    const download = await this.inProgress.get(idOf(place));
    if (!download?.isClosed) {
      return download;
    }
    await download.whenIdle();
    return undefined;
  }

  private async deleteLeftovers(): Promise<void> {
    for (const place of await filesInPieces()) {
      const download = await this.openOne(place);
      const store = download?.store ?? (await PieceStore.open(place));
      const isLeftover = (await isHomeless(store)) || (!download?.isBusy && (await isUnneeded(store)));
      if (isLeftover && (await this.openOne(place)) === download) {
        await (download ? download.drop(new NotStored('release-evicted')) : store.clear());
      }
    }
  }
}
