import {rangesOf} from './answerRanges.ts';
import {Download} from './Download.ts';
import {type FilePlace, PieceStore} from './PieceStore.ts';
import {factsOf, type Part, partOf, Upstream} from './Upstream.ts';

/** From this size on a file comes in pieces, unless somebody says otherwise: 16 MiB. */
export const MIN_BYTES = 16 * 1024 * 1024;
/** How large those are, unless somebody says otherwise: 8 MiB. */
export const PIECE_BYTES = 8 * 1024 * 1024;

/** From which size on a file comes in pieces, and how large those are; in bytes. */
export interface Sizes {
  minBytes: number;
  pieceBytes: number;
}

/** What is asked for. */
export interface Wanted extends FilePlace {
  request: Request;
  /** Asked when the host has answered: by then its release may have gone. */
  mayBeStored: () => boolean;
}

/** A file that is on its way, and what its host has just answered; or an answer that is of no large file. */
export type Begun = {download: Download; part?: Part | undefined} | {response: Response};

/**
 * Whether a response is a script or a style sheet that was redirected. It is passed on as it is: what it imports by a
 * relative URL is beside the last URL that it came by. https://html.spec.whatwg.org/#concept-script-base-url
 */
const isRedirectedCode = ({redirected, headers}: Response): boolean =>
  redirected && /javascript|ecmascript|^text\/css/.test(headers.get('content-type') ?? '');

/**
 * Goes on with what is stored of a file, or asks for it.
 *
 * @throws what `fetch` throws.
 */
export const begin = async (wanted: Wanted, {minBytes, pieceBytes}: Sizes): Promise<Begun> => {
  const {request, mayBeStored} = wanted;
  // Storage that cannot be read keeps no page from its bytes.
  const store = await PieceStore.resume(wanted).catch(() => undefined);
  if (store?.facts) {
    const {facts} = store;
    await store.describe(facts).catch(() => undefined);
    return {download: new Download(store, facts, new Upstream(request, facts), pieceBytes)};
  }
  const response = await fetch(request);
  const {status, body} = response;
  const facts = factsOf(response);
  // A part that cannot be told from a part of another file is of no use to anybody else.
  const isLarge = facts && facts.size >= minBytes && (status === 200 || facts.validator);
  if (!store || !body || !isLarge || isRedirectedCode(response) || !mayBeStored()) {
    return {response};
  }
  const download = new Download(store, facts, new Upstream(request, facts), pieceBytes);
  // Where there is no room to note that down it comes all the same, and goes on over a cut. Nothing of it is stored.
  download.storageFailure = await store.describe(facts).then(
    () => undefined,
    (error) => error,
  );
  const part = Object.assign({body}, partOf(response, facts));
  download.expect(part);
  return {download, part};
};

/**
 * What a host answers of what a request wants first and is not there yet: before the page gets an answer, so that it
 * gets an error where there can be none, and nothing of a file that has been replaced.
 *
 * @throws FileChanged and what `fetch` throws.
 */
export const askFor = async (request: Request, download: Download): Promise<Part | undefined> => {
  const [wanted] = rangesOf(request, download) ?? [{start: 0, end: download.size}];
  return wanted && download.ask(wanted);
};
