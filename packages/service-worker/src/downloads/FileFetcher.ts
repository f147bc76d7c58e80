import type {Wanted} from './begin.ts';
import {DEFAULT_SIZES} from './options.ts';

/** An answer that is about to be stored. */
export interface Fetched {
  response: Response;
  /** Whether it is a large file, which others may read at the same time, and which can be resumed. */
  isResumable: boolean;
  /** Returns why its body failed, as far as that is known. An answer of the host that is not the file has a `status`. */
  failure(): unknown;
  /** Must be called when it is stored or will not be. Nothing stays of wrong bytes; the rest is there to resume. */
  end(outcome: 'stored' | 'wrong' | 'broken-off'): Promise<void>;
}

/** Returns an answer as something to store for which there is nothing to resume. */
export const fetchedAtOnce = (response: Response): Fetched => ({
  response,
  isResumable: false,
  failure: () => undefined,
  end: async () => undefined,
});

/**
 * Fetches files for something that stores them as a whole. Large ones come in pieces where the worker downloads files
 * in pieces, and in one request elsewhere: a worker that does not carries none of that code.
 */
export class FileFetcher {
  /** Set by `downloads()`. */
  inPieces: ((wanted: Wanted, signal: AbortSignal) => Promise<Fetched>) | undefined;

  /**
   * @param wanted the signal of its request ends an answer that is no large file.
   * @param size of the file in bytes, where it is known: for a small one, nothing stored is looked up.
   * @param signal ends the body of a large file, whose connections may change meanwhile.
   * @throws what `fetch` throws, the signal's reason, and an error with a `status` where the host has the rest no more.
   */
  async fetch(wanted: Wanted, size: number | undefined, signal: AbortSignal): Promise<Fetched> {
    return this.inPieces && !(size !== undefined && size < DEFAULT_SIZES.minBytes)
      ? this.inPieces(wanted, signal)
      : fetchedAtOnce(await fetch(wanted.request));
  }
}
