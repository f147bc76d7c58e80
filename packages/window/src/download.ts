import {shownUrl} from '@holdfast/service-worker/http';
import {type AssetFailure, type DownloadProgress, failureText} from '@holdfast/service-worker/messages';
import {pauseBefore} from '@holdfast/service-worker/timing';
import {DownloadError} from './DownloadError.ts';
import {HoldfastError} from './HoldfastError.ts';
import type {Persistence} from './Persistence.ts';
import {type JobOptions, runJob} from './runJob.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {persistence} from './thisPage.ts';
import {withTimeLimit} from './withTimeLimit.ts';
import {IS_IT_OURS, type WorkerLink, workerLink} from './workerLink.ts';

/** Options of {@link download}. No time counts in a pause. `timeoutSeconds: Infinity` waits for a lost network. */
export interface DownloadOptions extends JobOptions<DownloadProgress> {
  /**
   * Request headers with a token, for a private file, as the page sends them when it reads the file. The worker keeps them
   * in memory; after it was killed, the page sends them again.
   *
   * @default none
   */
  headers?: Readonly<Record<string, string>> | undefined;
}

/** What {@link download} did. */
export interface DownloadReport {
  /** The URL under which the file is stored. */
  key: string;
  /** Whether the browser promises not to clear the storage; `undefined` while it has not answered. */
  persisted: boolean | undefined;
}

/** A download in progress. */
export interface DownloadHandle {
  /**
   * Resolves when the file is stored: from then on it is available offline.
   *
   * Rejects with a DownloadError (a HoldfastError `download-failed`), the signal's reason, or a HoldfastError:
   * `no-worker` (no worker controls the page), `unsupported` (the worker has no downloads), `refused` (no route with
   * `ResumableCacheFirst` answers the URL; the message says so), `timeout`.
   */
  readonly done: Promise<DownloadReport>;
  /** Stops the download until {@link resume}, unless another page reads the same file. What is stored stays. */
  pause(): void;
  /** Resumes the download from what is stored. */
  resume(): void;
}

/** Returns whether another attempt may succeed. The worker has made several already. */
const isPassing = ({reason, status = 0}: AssetFailure): boolean =>
  reason === 'unreachable' ||
  reason === 'body-incomplete' ||
  (reason === 'status' && (status >= 500 || [408, 425, 429].includes(status)));

/** Downloads a file through the worker, again and again while the failures may pass. Returns the file's key. */
const untilStored = (
  link: WorkerLink,
  url: string,
  {headers, onProgress, timeoutSeconds = 60}: DownloadOptions,
  signal: AbortSignal,
): Promise<string> => {
  let isAnswered = false;
  let progress: DownloadProgress | undefined;
  let failure: AssetFailure | undefined;

  const attempts = async (restart: () => void, limit: AbortSignal): Promise<string> => {
    let inVain = 0;
    const listeners = {
      onAnswer: () => {
        isAnswered = true;
      },
      onAdvance: () => {
        inVain = 0;
        restart();
      },
      onProgress: (newest: DownloadProgress) => {
        progress = newest;
        onProgress?.(newest);
      },
    };
    for (;;) {
      const end = await runJob(link, 'HOLDFAST_DOWNLOAD', {url, headers}, listeners, limit);
      if (end.state === 'done') {
        return end.report.key;
      }
      [failure] = end.failures;
      if (failure && !isPassing(failure)) {
        throw new DownloadError(failure);
      }
      inVain += 1;
      await pauseBefore(inVain, limit, {endsOn: {target: globalThis, type: 'online'}});
    }
  };

  const waitingFor = (): string => {
    if (!isAnswered) {
      return `the worker's answer to HOLDFAST_DOWNLOAD. ${IS_IT_OURS}`;
    }
    const name = shownUrl(progress?.key ?? failure?.key ?? url);
    return `${name} to make progress${failure ? ` (the last time, ${failureText(failure)})` : ''}`;
  };

  return withTimeLimit(attempts, {timeoutSeconds, signal}, waitingFor).then((key) => {
    if (progress) {
      const {totalBytes} = progress;
      onProgress?.({...progress, state: 'done', bytes: totalBytes, secondsLeft: 0});
    }
    return key;
  });
};

/** A download that runs from pause to pause. */
export class PausableDownload implements DownloadHandle {
  readonly done: Promise<DownloadReport>;
  private readonly link: WorkerLink;
  private readonly url: string;
  private readonly options: DownloadOptions;
  /** Aborts in a pause, and when the download is aborted for good. */
  private run = new AbortController();
  /** Resolves at the end of the pause. There is none otherwise. */
  private resumed: Promise<void> | undefined;
  private endPause: () => void = () => undefined;

  constructor(link: WorkerLink, url: string, options: DownloadOptions, persistence: Persistence) {
    this.link = link;
    this.url = url;
    this.options = options;
    this.done = this.untilDone(persistence);
  }

  // As properties, to be given to buttons.
  readonly pause = (): void => {
    if (!this.resumed) {
      this.resumed = new Promise((resolve) => {
        this.endPause = resolve;
      });
      this.run.abort();
    }
  };

  readonly resume = (): void => {
    this.resumed = undefined;
    this.endPause();
  };

  private async untilDone(persistence: Persistence): Promise<DownloadReport> {
    const {signal} = this.options;
    signal?.throwIfAborted();
    const over = new AbortController();
    const onAbort = (): void => {
      this.run.abort(signal?.reason);
      this.resume();
    };
    signal?.addEventListener('abort', onAbort, {signal: over.signal});
    try {
      const persisted = persistence.askIfLarge();
      const key = await this.runs();
      return {key, persisted: persisted()};
    } finally {
      over.abort();
    }
  }

  private async runs(): Promise<string> {
    for (;;) {
      while (this.resumed) {
        await this.resumed;
      }
      const {signal} = this.options;
      signal?.throwIfAborted();
      this.run = new AbortController();
      try {
        return await untilStored(this.link, this.url, this.options, this.run.signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (!this.run.signal.aborted) {
          throw error;
        }
      }
    }
  }
}

/** The link to the worker that controls the page: no other one answers the page's requests from what it stores. */
const controllerLink: WorkerLink = {
  listen: workerLink.listen,
  ask: async (type, payload) => {
    if (!serviceWorkers().controller) {
      throw new HoldfastError('no-worker', 'No service worker controls this page. Call register() first.');
    }
    return workerLink.ask(type, payload);
  },
};

/**
 * Downloads a file of any size through the worker, which stores it. Resumes when the connection breaks for longer than
 * the worker retries, and when the browser kills the worker. A file that is stored already is done at once.
 *
 * Pages that want the same file share its download. What arrived is stored, and the next call resumes: also after a
 * reload. Asks the browser for persistent storage, once in the life of a page, and does not wait for the answer.
 *
 * @param url the URL that the page would fetch. A route with `ResumableCacheFirst` must answer it.
 */
export const download = (url: string | URL, options: DownloadOptions = {}): DownloadHandle => {
  const {href} = new URL(url, document.baseURI);
  return new PausableDownload(controllerLink, href.replace(/#.*$/, ''), options, persistence);
};
