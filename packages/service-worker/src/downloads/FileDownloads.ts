import {sleep} from '../timing/sleep.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {isMeantFor} from './access.ts';
import {Beginning} from './Beginning.ts';
import {askFor, type Begun, begin, type Wanted} from './begin.ts';
import type {FileDownload} from './FileDownload.ts';
import {fetchAnswer} from './fetchAnswer.ts';
import {filesInPieces} from './filesInPieces.ts';
import {isHomeless, isUnneeded} from './leftovers.ts';
import {NotStored} from './NotStored.ts';
import type {Sizes} from './options.ts';
import {type FilePlace, idOf, PieceStore} from './PieceStore.ts';
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
  /** By place. */
  private readonly inProgress = new Map<string, Beginning>();
  private cleaning = Promise.resolve();
  private isCleanedOnce = false;

  constructor(worker: WorkerState) {
    this.worker = worker;
    worker.cleanups.add(() => this.clean());
    worker.users.add((place) => this.letGo(place));
  }

  /**
   * Returns what answers a request for a file: a download that many may share, with what the host has answered to this
   * request; an ordinary response; or what is stored by now.
   *
   * @throws what `fetch` throws, and the reason of the page that has left.
   */
  async obtain(wanted: Wanted, sizes: Sizes, lookUp: LookUp): Promise<Obtained> {
    this.cleanSoon();
    for (;;) {
      const begun = await this.joinOrBegin(wanted, sizes, lookUp);
      if (!('download' in begun) || begun.part) {
        return begun;
      }
      const {download, upstream} = begun;
      try {
        const part = await download.whileAsking(wanted.left, () => askFor(wanted.request, begun));
        return {download, upstream, part};
      } catch (error) {
        if (error instanceof UpstreamFailure) {
          download.dropIfGone(error);
          return {response: error.response};
        }
        if (error instanceof FileChanged) {
          if (download.readers.count > 0 && !download.accesses.has(upstream.access)) {
            // This request's file is another one than that of those that read.
            return {response: await fetchAnswer(wanted.request, {signal: wanted.left})};
          }
          await download.drop(error);
        } else if (!download.isClosed) {
          throw error;
        }
        // Else another request found it replaced, or it was stopped.
      }
    }
  }

  /** Has deleted what earlier workers left behind, once in the life of a worker. */
  cleanSoon(): void {
    if (!this.isCleanedOnce) {
      this.isCleanedOnce = true;
      void sleep(CLEANS_AFTER_MS).then(() => this.clean());
    }
  }

  /** Deletes pieces whose home was deleted, and those that earlier workers left behind. It never rejects. */
  clean(): Promise<void> {
    this.cleaning = this.cleaning.then(() => this.deleteLeftovers()).catch(() => undefined);
    return this.cleaning;
  }

  /** Lets a file be deleted, unless its host is asked for it, or it is being downloaded or read. */
  private async letGo({cacheName, key}: {cacheName: string; key: string}): Promise<boolean> {
    const place = {home: cacheName, key};
    // That may take minutes. And then it asks for room, for which this one is to be deleted.
    if (this.inProgress.get(idOf(place))?.isSettled === false) {
      return false;
    }
    const download = await this.openOne(place);
    if (download?.isBusy) {
      return false;
    }
    await download?.drop(new NotStored('over-budget'));
    return true;
  }

  /** Joins the download of a file, or begins one, unless the file is stored by now. */
  private async joinOrBegin(wanted: Wanted, sizes: Sizes, lookUp: LookUp): Promise<Obtained> {
    const {inProgress} = this;
    const id = idOf(wanted);
    for (let other = inProgress.get(id); other; other = inProgress.get(id)) {
      wanted.left?.throwIfAborted();
      other.awaitFor(wanted.left);
      const download = await other.download;
      if (download && !download.isClosed) {
        const {facts, size, isResumable, writer} = download;
        if (!Number.isFinite(size) || writer.isOver || !(await isMeantFor(facts, wanted.request))) {
          // A body that is longer than announced, or that storage does not take, is read by those alone that have begun.
          return {response: await fetchAnswer(wanted.request, {signal: wanted.left})};
        }
        const isAlive = download.isAlive();
        if (isResumable || (await isAlive)) {
          return {download, upstream: new Upstream(wanted.request, facts)};
        }
        // The pages that read it keep its connection. This one begins anew.
        await download.drop(new NotStored('body-incomplete'));
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
    wanted.left?.throwIfAborted();
    const beginning = new Beginning((signal) => begin(this.worker, wanted, sizes, signal));
    inProgress.set(id, beginning);
    beginning.awaitFor(wanted.left);
    const download = await beginning.download;
    if (download) {
      void this.forgetWhenIdle(id, download, beginning, wanted);
    } else if (inProgress.get(id) === beginning) {
      inProgress.delete(id);
    }
    return beginning.begun;
  }

  /** Forgets a download that nothing has used for a while. What is stored of it is found again. */
  private async forgetWhenIdle(
    id: string,
    download: FileDownload,
    beginning: Beginning,
    {home, key, release}: Wanted,
  ): Promise<void> {
    const {inProgress} = this;
    const isIdle = (): boolean => !download.isBusy && (download.isClosed || !download.storing);
    do {
      await download.changes.until(() => !download.isBusy);
      await download.whenIdle();
      await sleep(FORGETS_AFTER_MS);
    } while (!isIdle() && inProgress.get(id) === beginning);
    if (inProgress.get(id) === beginning) {
      inProgress.delete(id);
    }
    // It counted as a whole.
    this.worker.ledger?.settle({cacheName: home, key, line: release?.line, version: release?.version});
  }

  /** Returns the download of a file, if others may join it. What a closed one is storing or deleting comes first. */
  private async openOne(place: FilePlace): Promise<FileDownload | undefined> {
    const download = await this.inProgress.get(idOf(place))?.download;
    if (!download?.isClosed) {
      return download;
    }
    await download.whenIdle();
    return undefined;
  }

  private async deleteLeftovers(): Promise<void> {
    for (const place of await filesInPieces()) {
      if (this.inProgress.get(idOf(place))?.isSettled === false) {
        continue;
      }
      const download = await this.openOne(place);
      const store = download?.store ?? (await PieceStore.open(place));
      const isSignedOut = this.worker.accounts?.isSignedOut(place.key);
      const isLeftover =
        isSignedOut || (await isHomeless(store)) || (!download?.isBusy && (await isUnneeded(store)));
      if (isLeftover && (await this.openOne(place)) === download) {
        await (download
          ? download.drop(new NotStored(isSignedOut ? 'signed-out' : 'release-evicted'))
          : store.clear());
      }
    }
  }
}
