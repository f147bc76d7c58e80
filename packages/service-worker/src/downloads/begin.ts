import {rangesOf} from '../http/answerRanges.ts';
import {isRedirectedCode} from '../http/isRedirectedCode.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {FileDownload} from './FileDownload.ts';
import type {Sizes} from './options.ts';
import {type FilePlace, PieceStore} from './PieceStore.ts';
import {factsOf, type Part, partOf, Upstream} from './Upstream.ts';

/** A file that is asked for. */
export interface Wanted extends FilePlace {
  request: Request;
  /** Tells whether the file may be stored. Called when the host has answered: its release may be evicted by then. */
  mayBeStored: () => boolean;
}

/** A large file being fetched, with what its host has just answered; or an ordinary answer. */
export type Begun = {download: FileDownload; part?: Part | undefined} | {response: Response};

/**
 * Resumes a file from what is stored of it, or asks for it.
 *
 * @throws what `fetch` throws.
 */
export const begin = async (worker: WorkerState, wanted: Wanted, sizes: Sizes): Promise<Begun> => {
  const {request, mayBeStored} = wanted;
  // Storage that cannot be read keeps no page from its bytes.
  const store = await PieceStore.resume(wanted).catch(() => undefined);
  if (store?.facts) {
    const {facts} = store;
    await store.describe(facts).catch(() => undefined);
    return {download: new FileDownload(worker, store, facts, new Upstream(request, facts), sizes.pieceBytes)};
  }
  const response = await fetch(request);
  const {status, body} = response;
  const facts = factsOf(response);
  // Without a validator, a part may be of another file than the next one.
  const isLarge = facts && facts.size >= sizes.minBytes && (status === 200 || facts.validator);
  if (!store || !body || !isLarge || isRedirectedCode(request, response) || !mayBeStored()) {
    return {response};
  }
  const download = new FileDownload(worker, store, facts, new Upstream(request, facts), sizes.pieceBytes);
  // Where there is no room for that, the file is downloaded all the same, over cuts, too. Nothing of it is stored.
  await store.describe(facts).catch((error) => {
    download.writer.failure = error;
  });
  const part = Object.assign({body}, partOf(response, facts));
  download.schedule.expect(part);
  return {download, part};
};

/**
 * Asks the host for what a request wants first and is missing, before the page gets an answer: so the page gets an error
 * where the host has none, and nothing of a file that was replaced.
 *
 * @throws FileChanged, UpstreamFailure, and what `fetch` throws.
 */
export const askFor = async (request: Request, download: FileDownload): Promise<Part | undefined> => {
  const [wanted] = rangesOf(request, download) ?? [{start: 0, end: download.size}];
  return wanted && download.schedule.ask(wanted);
};
