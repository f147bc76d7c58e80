import {rangesOf} from './answerRanges.ts';
import {Download} from './Download.ts';
import {PieceStore} from './PieceStore.ts';
import {factsOf, type Part, partOf, Upstream} from './Upstream.ts';

/** From which size on a file comes in pieces, and how large those are; in bytes. */
export interface Sizes {
  minBytes: number;
  pieceBytes: number;
}

/** A file that is on its way, and what its host has just answered; or an answer that is of no large file. */
export type Begun = {download: Download; part?: Part | undefined} | {response: Response};

/**
 * Goes on with what is stored of a file, or asks for it.
 *
 * @throws what `fetch` throws.
 */
export const begin = async (key: string, request: Request, {minBytes, pieceBytes}: Sizes): Promise<Begun> => {
  // Storage that cannot be read keeps no page from its bytes.
  const store = await PieceStore.open(key).catch(() => undefined);
  if (store?.facts) {
    const {facts} = store;
    await store.describe(facts).catch(() => undefined);
    return {download: new Download(key, store, facts, new Upstream(request, facts), pieceBytes)};
  }
  // A page that goes does not take it from others who want it, too.
  const response = await fetch(request, {signal: new AbortController().signal});
  const {status, body} = response;
  const facts = factsOf(response);
  // A part that cannot be told from a part of another file is of no use to anybody else.
  const isLarge = facts && facts.size >= minBytes && (status === 200 || facts.validator);
  if (!store || !body || !isLarge || !(await isDescribed(store, facts))) {
    return {response};
  }
  const download = new Download(key, store, facts, new Upstream(request, facts), pieceBytes);
  const part = Object.assign({body}, partOf(response, facts));
  download.expect(part);
  return {download, part};
};

const isDescribed = (store: PieceStore, facts: NonNullable<PieceStore['facts']>): Promise<boolean> =>
  store.describe(facts).then(
    () => true,
    () => false,
  );

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
