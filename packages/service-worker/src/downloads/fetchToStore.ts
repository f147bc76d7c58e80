import {MIN_BYTES, PIECE_BYTES, type Wanted} from './begin.ts';
import {obtain} from './underWay.ts';

/** An answer that somebody stores. */
export interface Fetched {
  response: Response;
  /** Whether it is a large file, which others may read at the same time, and which goes on after an interruption. */
  isResumable: boolean;
  /** Why its body has broken off, as far as that is known: an `UpstreamFailure` where the host does not have the rest. */
  failure(): unknown;
  /** To be called when it is stored or will not be. Of what is wrong nothing stays, else what is there is gone on with. */
  end(outcome: 'stored' | 'wrong' | 'broken-off'): Promise<void>;
}

/**
 * Fetches a file to store it as a whole. A large one goes on where an earlier attempt of anybody's has stopped, and is
 * put away in pieces while it comes.
 *
 * @param wanted the signal of its request ends what comes in one go.
 * @param signal ends the reading of a large one, whose connection may be given up and made anew meanwhile.
 * @throws UpstreamFailure where the host does not have the rest of a file any more, and what `fetch` throws.
 */
export const fetchToStore = async (wanted: Wanted, signal: AbortSignal): Promise<Fetched> => {
  const begun = await obtain(wanted, {minBytes: MIN_BYTES, pieceBytes: PIECE_BYTES}, async () => undefined);
  if (!('download' in begun)) {
    const response = 'response' in begun ? begun.response : begun.stored;
    return {response, isResumable: false, failure: () => undefined, end: async () => undefined};
  }
  const {download, part} = begun;
  const {size, headers} = download;
  // Whoever reads hears of a failure.
  download.fetchAll(part).catch(() => undefined);
  const read = download.read({start: 0, end: size});
  if (signal.aborted) {
    await read.cancel();
    throw signal.reason;
  }
  let resolve: (isSettled: boolean) => void = () => undefined;
  download.stored ??= new Promise((settle) => {
    resolve = settle;
  });
  const body = read.pipeThrough(new TransformStream(), {signal});
  return {
    response: new Response(body, {headers}),
    isResumable: true,
    failure: () => download.failure,
    end: async (outcome) => {
      if (outcome === 'stored') {
        download.finish('done').catch(() => undefined);
      } else {
        download.stored = undefined;
        await (outcome === 'wrong' && download.drop());
      }
      resolve(outcome !== 'broken-off');
    },
  };
};
