import {type Fetched, fetchToStore, UpstreamFailure} from '../../downloads/fetchToStore.ts';
import {DEFAULT_SIZES} from '../../downloads/options.ts';
import {discardBody} from '../../http/discardBody.ts';
import {isRedirectedCode} from '../../http/isRedirectedCode.ts';
import type {FailureReason} from '../../messages/protocol.ts';
import {StallWatch} from '../../timing/StallWatch.ts';
import {outdated} from '../pinRequest.ts';
import {isWrong, putChecked} from './putChecked.ts';
import type {Outcome, Task} from './Stage.ts';

/** Why an asset was not fetched: a number is the status of an answer that is not the asset. */
type Reason = FailureReason | number;

/** Fetches a file that is too small to come in pieces: nothing need be looked up for it. */
const fetchSmall = async (request: Request): Promise<Fetched> => ({
  response: await fetch(request),
  isResumable: false,
  failure: () => undefined,
  end: async () => undefined,
});

/** Fetches an asset, twice if its bytes are wrong. */
export const fetchAsset = async (task: Task): Promise<Outcome> => {
  const {asset, pin, stage} = task;
  const {key} = asset;
  await stage.releases.evictions.refresh();
  let reason: Reason | undefined = outdated(stage.releases, pin) ?? (await fetchInto(task, 'default'));
  if (isWrong(reason)) {
    // The wrong bytes may come from the browser's HTTP cache.
    reason = await fetchInto(task, 'reload');
  }
  return reason === undefined
    ? 'fetched'
    : typeof reason === 'number'
      ? {key, reason: 'status', status: reason}
      : {key, reason};
};

/** @returns why it failed, if so. */
const fetchInto = async (task: Task, cache: RequestCache): Promise<Reason | undefined> => {
  const {asset, pin, flight, stage} = task;
  const {releases, signal, urls, aborted} = stage;
  const {key, cacheName} = pin;
  const watch = new StallWatch(signal);
  try {
    const request = new Request(urls.get(asset.key) ?? asset.key, {cache, signal: watch.signal});
    const wanted = {key, request, home: cacheName, mayBeStored: () => !outdated(releases, pin)};
    const isSmall = asset.size !== undefined && asset.size < DEFAULT_SIZES.minBytes;
    const fetching = isSmall ? fetchSmall(request) : fetchToStore(releases.worker, wanted, signal);
    const fetched = await Promise.race([fetching, aborted]);
    const {response, isResumable} = fetched;
    watch.alive();
    if (response.status !== 200 || isRedirectedCode(request, response)) {
      discardBody(response);
      return response.status === 200 ? 'redirected-code' : response.status;
    }
    flight.isShared = isResumable;
    if (isResumable) {
      // A download watches its connections by itself.
      watch.end();
    }
    const reason = await storeFetched(fetched, task, () => isResumable || watch.alive());
    const failure = reason === 'body-incomplete' ? fetched.failure() : undefined;
    return failure instanceof UpstreamFailure ? failure.status : watch.isStalled ? 'unreachable' : reason;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof UpstreamFailure ? error.status : 'unreachable';
  } finally {
    watch.end();
  }
};

/** Stores what is fetched, and reports what became of it to the download, which others may read along. */
const storeFetched = async (
  {response, end}: Fetched,
  task: Task,
  onBytes: () => void,
): Promise<FailureReason | undefined> => {
  let outcome: Parameters<typeof end>[0] = 'broken-off';
  try {
    const reason = await putChecked(response, 'fetched', task, onBytes);
    outcome = isWrong(reason) ? 'wrong' : reason ? 'broken-off' : 'stored';
    return reason;
  } finally {
    await end(outcome);
  }
};
