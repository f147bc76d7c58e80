const INTERVAL_MS = 1000;

/** Says how far the work is: once a second, so not at all about work that is done at once. */
export class Progress {
  readonly #files: number;
  readonly #say: (sentence: string) => void;
  #done = 0;
  #bytes = 0;
  #saidAt = performance.now();

  constructor(files: number, say: (sentence: string) => void) {
    this.#files = files;
    this.#say = say;
  }

  /** Bytes were read of the file that is called so. */
  read(bytes: number, label: string): void {
    this.#bytes += bytes;
    if (performance.now() - this.#saidAt >= INTERVAL_MS) {
      this.#say(`${this.#done} of ${this.#files} files, ${this.megabytes} read, now ${label}`);
      this.#saidAt = performance.now();
    }
  }

  /** A file is read to its end. */
  finish(): void {
    this.#done += 1;
  }

  /** All that was read, e.g. `61.2 MB`. */
  get megabytes(): string {
    return `${(this.#bytes / 1e6).toFixed(1)} MB`;
  }
}
