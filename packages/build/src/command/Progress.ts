const INTERVAL_MS = 1000;

/** Reports progress at most once a second. Work that takes less than a second is not reported. */
export class Progress {
  readonly #files: number;
  readonly #report: (sentence: string) => void;
  #finished = 0;
  #bytes = 0;
  #reportedAt = performance.now();

  constructor(files: number, report: (sentence: string) => void) {
    this.#files = files;
    this.#report = report;
  }

  /** Counts bytes that were read from the file with this label. */
  read(bytes: number, label: string): void {
    this.#bytes += bytes;
    if (performance.now() - this.#reportedAt >= INTERVAL_MS) {
      this.#report(`${this.#finished} of ${this.#files} files, ${this.megabytes} read, reading ${label}`);
      this.#reportedAt = performance.now();
    }
  }

  /** Counts a file that was read to its end. */
  finish(): void {
    this.#finished += 1;
  }

  /** All bytes that were read, such as `61.2 MB`. */
  get megabytes(): string {
    return `${(this.#bytes / 1e6).toFixed(1)} MB`;
  }
}
