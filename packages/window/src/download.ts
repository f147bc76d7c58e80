import type {DownloadProgress} from '@holdfast/service-worker/downloads/events.js';
import {DownloadAttempts} from './DownloadAttempts.ts';
import {HoldfastError} from './HoldfastError.ts';
import {inWords} from './inWords.ts';
import {persistIfLarge} from './persistIfLarge.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {withTimeLimit} from './withTimeLimit.ts';

/** Options of {@link download}. */
export interface DownloadOptions {
  /** Gives it up for good. What is there of the file stays. */
  signal?: AbortSignal | undefined;
  /**
   * Is told how far it is, about ten times a second, and once more when it is stored. Nothing is told of a file that is
   * stored already, or comes in one go because it is small.
   */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /**
   * The longest time without any progress, after which it is given up with a `timeout` error: as a whole it may take as
   * long as it gets on. In a pause no time counts. `Infinity` waits for a network that is gone.
   *
   * @default 60
   */
  timeoutSeconds?: number | undefined;
}

/** What {@link download} has done. */
export interface DownloadReport {
  /** Under which the file is stored. */
  key: string;
  /** Whether the browser promises not to clear it; `undefined` if it has not answered so far. */
  persisted: boolean | undefined;
}

/** A file that is brought in. */
export interface Download {
  /**
   * Resolves when the file is stored: from then on it is there without the network.
   *
   * It rejects with a DownloadError (a HoldfastError `download-failed`), the signal's reason, or a HoldfastError
   * `unsupported`, `no-worker`, `refused`, `timeout`.
   */
  readonly done: Promise<DownloadReport>;
  /** Stops it until {@link resume}, unless somebody else reads the file too. What is there of it stays. */
  pause(): void;
  /** Goes on from what is there. */
  resume(): void;
}

/** Rejects with the signal's reason. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

/** Has a file stored. @returns its key. */
const bringIn = (
  url: string,
  signal: AbortSignal,
  {onProgress, timeoutSeconds = 60}: DownloadOptions,
): Promise<string> => {
  let attempts: DownloadAttempts | undefined;
  return withTimeLimit(
    (restart) => {
      attempts = new DownloadAttempts(url, signal, {onProgress, onGettingOn: restart});
      return Promise.race([attempts.untilStored(), untilAborted(signal)]);
    },
    timeoutSeconds,
    () => {
      if (!attempts?.isAnswered) {
        return 'the worker to say how it stands. Does the worker call handleDownloadMessages()?';
      }
      const {name, failure} = attempts;
      return `${name} to get on${failure ? ` (the last time, ${inWords(failure)})` : ''}`;
    },
  );
};

class PausableDownload implements Download {
  readonly done: Promise<DownloadReport>;
  private readonly url: string;
  private readonly options: DownloadOptions;
  /** Ends what goes on between two pauses. */
  private run = new AbortController();
  private isOver = false;
  private resumed: Promise<void> = Promise.resolve();
  /** Only there in a pause. */
  private endPause: (() => void) | undefined;

  constructor(url: string, options: DownloadOptions) {
    this.url = url;
    this.options = options;
    this.done = this.untilStored();
  }

  pause = (): void => {
    if (!this.endPause) {
      this.resumed = new Promise((resolve) => {
        this.endPause = resolve;
      });
      this.run.abort();
    }
  };

  resume = (): void => {
    this.endPause?.();
    this.endPause = undefined;
  };

  private async untilStored(): Promise<DownloadReport> {
    const {signal} = this.options;
    signal?.throwIfAborted();
    if (!serviceWorkers().controller) {
      throw new HoldfastError('no-worker', 'No service worker controls this page. Call register() first.');
    }
    try {
      return await (signal ? Promise.race([this.runs(), untilAborted(signal)]) : this.runs());
    } finally {
      this.isOver = true;
      this.run.abort();
      this.resume();
    }
  }

  /** From pause to pause. */
  private async runs(): Promise<DownloadReport> {
    const persisted = persistIfLarge();
    for (;;) {
      while (this.endPause) {
        await this.resumed;
      }
      // That may be what has ended the pause.
      this.options.signal?.throwIfAborted();
      this.run = new AbortController();
      const {signal} = this.run;
      try {
        const key = await bringIn(this.url, signal, this.options);
        return {key, persisted: persisted()};
      } catch (error) {
        if (!signal.aborted || this.isOver) {
          throw error;
        }
      }
    }
  }
}

/**
 * Has the worker store a file, of any size, and stays with it to the end: it goes on from what is there when the
 * connection breaks, when the worker is killed, and when the browser ends it after five minutes. Where the file is
 * stored already, it is done at once.
 *
 * Pages that want the same file share its download. What is there of it stays, whatever happens then: another call, in
 * the next life of the page too, goes on from there. As {@link stage} does, it asks the browser for persistent storage,
 * and does not wait for the answer.
 *
 * @param url as the page would fetch it: a route of the worker with `ResumableCacheFirst` answers it.
 */
export const download = (url: string | URL, options: DownloadOptions = {}): Download => {
  const {href} = new URL(url, document.baseURI);
  return new PausableDownload(href.replace(/#.*$/, ''), options);
};
