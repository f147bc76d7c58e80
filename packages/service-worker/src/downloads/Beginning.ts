import type {Begun} from './begin.ts';
import type {FileDownload} from './FileDownload.ts';

/** A file that its host is asked for. */
export class Beginning {
  readonly begun: Promise<Begun>;
  /** Resolves to `undefined` for an answer that turned out to be of no large file. */
  readonly download: Promise<FileDownload | undefined>;
  private readonly controller = new AbortController();
  private waiting = 0;
  /** Whether the host has answered, or will not. */
  isSettled = false;

  constructor(begin: (signal: AbortSignal) => Promise<Begun>) {
    this.begun = begin(this.controller.signal);
    this.download = this.begun.then(
      (begun) => ('download' in begun ? begun.download : undefined),
      () => undefined,
    );
    void this.download.then(() => {
      this.isSettled = true;
    });
  }

  /** Counts a request that waits for the answer. When all of them have left, the host is asked no longer. */
  awaitFor(left: AbortSignal | undefined): void {
    this.waiting += 1;
    left?.addEventListener('abort', () => {
      this.waiting -= 1;
      if (this.waiting === 0) {
        this.controller.abort(left.reason);
      }
    });
  }
}
