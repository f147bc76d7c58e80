import {estimate} from '../guard/estimate.ts';
import {discardBody} from '../http/discardBody.ts';
import {cachePut, check, type Handled, type Outcome} from './cachePut.ts';
import type {FileDownload} from './FileDownload.ts';
import type {Upstream} from './Upstream.ts';

/** Failures that say nothing against the bytes. */
const OF_STORAGE = /^(quota-exceeded|storage-failed|refused)$/;

/** Tells whether the browser has room for a file a second time, as far as it says. */
const hasRoomFor = async (size: number): Promise<boolean> => {
  const {quota = Number.POSITIVE_INFINITY, usage = 0} = await estimate();
  return quota - usage > size;
};

/**
 * Makes one ordinary entry of the pieces of a file, where there is room for both for a moment. Elsewhere the pieces stay,
 * and the plugins check them once.
 *
 * @param upstream the way to the host of the request that has it done, for a piece that cannot be read.
 * @returns what becomes of the file. Of one whose bytes are wrong nothing stays.
 * @throws NotStored where a plugin throws, and what storage fails with.
 */
export const putTogether = async (
  handled: Handled,
  download: FileDownload,
  cacheName: string,
  upstream?: Upstream,
): Promise<Outcome> => {
  const {size, headers, store} = download;
  const over = async (pass: typeof cachePut, body: BodyInit): Promise<Outcome> => {
    const response = new Response(body, {headers});
    try {
      return await pass(handled, response, cacheName);
    } finally {
      // A plugin may have refused it unread.
      discardBody(response);
    }
  };
  const through = async (pass: typeof cachePut): Promise<Outcome> => {
    const blob = await store.readAll();
    const outcome = blob ? await over(pass, blob) : 'body-incomplete';
    // For a reader, a piece that cannot be read is fetched again.
    return outcome === 'body-incomplete'
      ? over(pass, download.read({start: 0, end: size}, undefined, upstream))
      : outcome;
  };

  // Readers have the disk to themselves.
  await download.readers.whenQuiet();
  let outcome = (await hasRoomFor(size)) ? await through(cachePut) : 'storage-failed';
  if (OF_STORAGE.test(outcome)) {
    outcome = await through(check);
    if (outcome === 'stored') {
      await store.check(true);
      download.progress.report('done');
      // If a piece is damaged one day, the file is checked again.
      download.storing = undefined;
      return outcome;
    }
  }
  if (outcome === 'stored' || download.isComplete) {
    // The worker need not live on for that: what a killed one leaves is deleted as a leftover.
    download.finish(outcome === 'stored' ? 'done' : 'failed').catch(() => undefined);
  } else {
    // A piece is missing, which says nothing against the others.
    download.storing = undefined;
  }
  return outcome;
};
