import {rangesOf} from '../http/answerRanges.ts';
import {isRedirectedCode} from '../http/isRedirectedCode.ts';
import {matchesNothing} from '../http/matchesNothing.ts';
import {within} from '../timing/within.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {askerOf, isMeantFor} from './access.ts';
import {FileDownload} from './FileDownload.ts';
import {fetchAnswer} from './fetchAnswer.ts';
import {NotStored} from './NotStored.ts';
import type {Sizes} from './options.ts';
import {type FilePlace, PieceStore} from './PieceStore.ts';
import {factsOf, type Part, partOf, Upstream} from './Upstream.ts';

/** A file that is asked for. */
export interface Wanted extends FilePlace {
  request: Request;
  /** Tells whether the answer of the host may be stored. Its release may be evicted by then, and it may be no file. */
  mayBeStored: (response: Response) => boolean;
  /** Makes the cache that the file belongs in, where that is more than to open it. */
  makeHome?: (() => Promise<unknown>) | undefined;
  /** The release that it belongs to, if it does. */
  release?: {readonly line: string; readonly version: string} | undefined;
  /** Aborts when the page has left. Until the host has answered, its connection is closed then, unless others wait. */
  left?: AbortSignal | undefined;
}

/** A large file being fetched, with what its host has just answered; or an ordinary answer. */
export type Begun = Joined | {response: Response};

/** A large file being fetched, as one request takes part in it. */
export interface Joined {
  download: FileDownload;
  /** The request's own way to the host. */
  upstream: Upstream;
  part?: Part | undefined;
}

/** Pages do not wait longer for room: databases are known not to answer at times. */
const ADMITS_WITHIN_MS = 3000;

/** Makes room for all of a file in the budgets of the worker. @throws NotStored where there is none. */
const admit = async (
  {ledger}: WorkerState,
  {key, home, release}: Wanted,
  {size, headers}: FileDownload,
): Promise<void> => {
  const place = {key, cacheName: home, line: release?.line, version: release?.version};
  const asked = ledger?.admit(place, size, headers.get('content-type'));
  const refusal = asked && (await within(asked, ADMITS_WITHIN_MS, 'storage-failed' as const));
  if (refusal) {
    throw new NotStored(refusal);
  }
  // From now on, the download says what of it may be deleted.
  ledger?.settle(place, size);
};

/**
 * Resumes a file from what is stored of it, or asks for it.
 *
 * @param signal aborts until the host has answered.
 * @throws the signal's reason, and what `fetch` throws.
 */
export const begin = async (
  worker: WorkerState,
  wanted: Wanted,
  sizes: Sizes,
  signal: AbortSignal,
): Promise<Begun> => {
  const {request, makeHome, mayBeStored} = wanted;
  // Storage that cannot be read keeps no page from its bytes.
  let store = await PieceStore.resume(wanted).catch(() => undefined);
  if (store?.facts && (await isMeantFor(store.facts, request))) {
    const facts = Object.assign({}, store.facts);
    await store.describe(facts, makeHome).catch(() => undefined);
    const upstream = new Upstream(request, facts);
    const download = new FileDownload(worker, store, facts, upstream, sizes.pieceBytes);
    if (store.isComplete) {
      worker.ledger?.use({key: wanted.key, cacheName: wanted.home});
    } else {
      await admit(worker, wanted, download).catch((error) => {
        download.writer.failure = error;
      });
    }
    return {download, upstream};
  }
  const response = await fetchAnswer(request, {signal});
  const {status, body} = response;
  const facts = matchesNothing(response) ? undefined : factsOf(response, request);
  // Without a validator, a part may be of another file than the next one.
  const isLarge = facts && facts.size >= sizes.minBytes && (status === 200 || facts.validator);
  if (!store || !body || !isLarge || isRedirectedCode(request, response) || !mayBeStored(response)) {
    return {response};
  }
  if (store.facts) {
    // They are another account's.
    await store.clear();
    store = await PieceStore.open(wanted);
  }
  facts.asker = await askerOf(request, new Headers(facts.headers));
  const upstream = new Upstream(request, facts);
  const download = new FileDownload(worker, store, facts, upstream, sizes.pieceBytes);
  download.accesses.add(upstream.access);
  // Where there is no room for that, the file is downloaded all the same, over cuts, too. Nothing of it is stored.
  await admit(worker, wanted, download)
    .then(() => download.store.describe(facts, makeHome))
    .catch((error) => {
      download.writer.failure = error;
    });
  const part = Object.assign({body, upstream}, partOf(response, facts));
  download.schedule.expect(part);
  return {download, upstream, part};
};

/**
 * Asks the host for what a request wants first and is missing, before the page gets an answer: so the page gets an error
 * where the host has none, and nothing of a file that was replaced.
 *
 * @throws FileChanged, UpstreamFailure, and what `fetch` throws.
 */
export const askFor = async (request: Request, {download, upstream}: Joined): Promise<Part | undefined> => {
  const {accesses, facts, schedule, size} = download;
  const ranges = rangesOf(request, download);
  const [wanted] = ranges ?? [{start: 0, end: size}];
  // What the host has answered to others with other headers is no answer to this request. And an answer with a range
  // names the size of the file.
  const mustAsk = (): boolean =>
    (accesses.size > 0 && !accesses.has(upstream.access)) || Boolean(ranges && facts.isGuess);
  return wanted && schedule.ask(wanted, upstream, mustAsk);
};
