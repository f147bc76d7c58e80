import {type Fetched, FileFetcher} from '../../downloads/FileFetcher.ts';
import {mismatchOf} from '../../guard/mismatchOf.ts';
import {discardBody} from '../../http/discardBody.ts';
import {isRedirectedCode} from '../../http/isRedirectedCode.ts';
import {publicKey} from '../../http/partition.ts';
import type {FailureReason, Mismatch} from '../../messages/protocol.ts';
import {StallWatch} from '../../timing/StallWatch.ts';
import {outdated} from '../pinRequest.ts';
import {releaseOf} from '../releaseOf.ts';
import {isWrong, putChecked} from './putChecked.ts';
import type {Outcome, Task} from './Stage.ts';

/** Why an asset was not fetched: a number is the status of an answer that is not the asset. */
type Reason = FailureReason | number;

/** Returns the status of the host's answer, if that is why something failed. */
const statusOf = (error: unknown): number | undefined => (error as {status?: number} | undefined)?.status;

/** Fetches an asset, twice if its bytes are wrong, or if budgets have made room for it after storage was full. */
export const fetchAsset = async (task: Task): Promise<Outcome> => {
  const {asset, pin, flight, stage} = task;
  const {key} = asset;
  await stage.releases.evictions.refresh();
  let reason: Reason | undefined =
    outdated(stage.releases, pin) ?? (await fetchInto(task, flight.followsStalled ? 'reload' : 'default'));
  if (isWrong(reason)) {
    // The wrong bytes may come from the browser's HTTP cache.
    reason = await fetchInto(task, 'reload');
  } else if (reason === 'quota-exceeded' && stage.releases.worker.ledger) {
    reason = await fetchInto(task, 'default');
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
  const {releases, signal, urls, headers, aborted} = stage;
  const {key, cacheName} = pin;
  const watch = new StallWatch(signal);
  try {
    const shared = publicKey(asset.key);
    const init: RequestInit = {cache, signal: watch.signal};
    if (headers && shared !== asset.key) {
      init.headers = headers;
    }
    const request = new Request(urls.get(asset.key) ?? shared, init);
    const isHtml = releases.scopes.some((scope) => scope.isHtml && releaseOf(scope, key)?.line === pin.line);
    // The digest decides where there is one. An asset may be empty, and one of a known size has an end.
    const mismatch = (response: Response): Mismatch | undefined => {
      const found = asset.digest || asset.size === 0 ? undefined : mismatchOf(request, response, isHtml);
      return found === 'endless' && asset.size !== undefined ? undefined : found;
    };
    const mayBeStored = (response: Response): boolean => !outdated(releases, pin) && !mismatch(response);
    const wanted = {key, request, home: cacheName, release: pin, mayBeStored};
    const fetching = releases.worker.part(FileFetcher).fetch(wanted, asset.size, signal);
    const fetched = await Promise.race([fetching, aborted]);
    const {response, isResumable} = fetched;
    watch.alive();
    const {status} = response;
    const refusal =
      status !== 200 ? status : isRedirectedCode(request, response) ? 'redirected-code' : mismatch(response);
    if (refusal) {
      discardBody(response);
      return refusal;
    }
    flight.isShared = isResumable;
    if (isResumable) {
      // A download watches its connections by itself.
      watch.end();
    }
    const reason = await storeFetched(fetched, task, () => isResumable || watch.alive());
    const failed = reason === 'body-incomplete' ? statusOf(fetched.failure()) : undefined;
    return failed ?? (watch.isStalled ? 'unreachable' : reason);
  } catch (error) {
    signal.throwIfAborted();
    return statusOf(error) ?? 'unreachable';
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
