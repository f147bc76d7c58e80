import {type Fetched, fetchToStore, UpstreamFailure} from '../../downloads/staging.ts';
import {checkedResponse, expectedOf, failureOf, type IntegrityReason} from '../../integrity/index.ts';
import {beginDownload, type Download, downloadOf, outdated, pin, whenEnded} from '../staging.ts';
import {isCodeFromElsewhere} from './isCodeFromElsewhere.ts';
import type {AssetSource, StageFailure, StageFailureReason} from './messages.ts';
import {type Place, placeOf} from './Place.ts';
import type {Progress} from './Progress.ts';
import type {StagedAsset} from './readAssets.ts';
import type {StagedRelease} from './records.ts';
import {StallWatch} from './StallWatch.ts';

/** What the assets of a stage have in common. */
export interface Stage {
  readonly line: string;
  readonly version: string;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Rejects with the signal's reason. */
  readonly aborted: Promise<never>;
  /** Key → the URL to fetch it from, where that is another one. */
  readonly urls: ReadonlyMap<string, string>;
  /** The evictions before it began: later ones may concern it. */
  readonly evictionsSeen: number;
  /** The other releases that were staged: what they have need not be fetched. */
  readonly others: readonly StagedRelease[];
  /** Is told of an asset that the release had, and that was damaged. It is gone now. */
  onDamage(asset: StagedAsset): Promise<void>;
}

/** Where an asset has come from, or why it has not come. */
type Outcome = AssetSource | StageFailure;

/**
 * Brings one asset into the release, and verifies it: from where it is already, from another release that has the same
 * bytes, or from the network.
 *
 * @throws the signal's reason.
 */
export const bringIn = async (asset: StagedAsset, stage: Stage): Promise<Outcome> => {
  const {key} = asset;
  const target = pin(key, stage.line, stage.version, stage.evictionsSeen);
  // A page may be asking for it. What that stores counts as present.
  let other = downloadOf(target);
  while (other) {
    const awaited = other;
    await stage.progress.whileWaiting(() => Promise.race([whenEnded(awaited), stage.aborted]));
    const next = downloadOf(target);
    // Still the same one: it stands still, and nobody is left whom it is for.
    other = next === awaited ? undefined : next;
  }
  const gone = outdated(target);
  if (gone) {
    return {key, reason: gone};
  }
  const download = beginDownload(target);
  // What is broken off another one may take over who waits for it.
  let isBrokenOff = true;
  try {
    const place = placeOf(target, asset.file);
    const outcome =
      (await verified(asset, place, stage)) ??
      (await carriedOver(asset, place, stage)) ??
      (await fetched(asset, place, stage, download));
    isBrokenOff = typeof outcome !== 'string' && outcome.reason === 'body-incomplete';
    return outcome;
  } finally {
    download.end(isBrokenOff);
  }
};

/** Whether the bytes are others than they have to be. */
const isWrong = (reason: StageFailureReason | number | undefined): boolean =>
  reason === 'wrong-digest' || reason === 'too-short' || reason === 'too-long';

/** @returns `undefined` if it is not there, or not any more, because it was damaged. */
const verified = async (asset: StagedAsset, place: Place, stage: Stage): Promise<Outcome | undefined> => {
  const response = await place.read();
  if (!response) {
    return undefined;
  }
  const reason = await failureOfStored(response, asset, stage);
  if (reason === 'cannot-digest') {
    return {key: asset.key, reason};
  }
  if (reason) {
    await place.remove();
    await stage.onDamage(asset);
    return undefined;
  }
  return 'present';
};

/** What is wrong with what is stored, if anything is. What breaks off was damaged on the disk. */
const failureOfStored = async (
  response: Response,
  asset: StagedAsset,
  {progress, signal}: Stage,
): Promise<IntegrityReason | undefined> => {
  if (response.type === 'opaque') {
    return 'opaque';
  }
  try {
    const onBytes = progress.begin(asset, 'present');
    return (await failureOf(response, expectedOf(asset), {onBytes, signal}))?.reason;
  } catch {
    signal.throwIfAborted();
    return 'unreadable';
  }
};

/** @returns `undefined` if no other release has the same bytes. */
const carriedOver = async (asset: StagedAsset, place: Place, stage: Stage): Promise<Outcome | undefined> => {
  for (const source of sourcesOf(asset, stage)) {
    stage.signal.throwIfAborted();
    const response = await source.read().catch(() => undefined);
    if (!response || response.type === 'opaque') {
      continue;
    }
    const reason = await put(response, asset, place, 'carried-over', stage);
    if (!reason) {
      return 'carried-over';
    }
    // What is damaged there is left to a check of that release: it may be this manifest that is wrong.
    if (!isWrong(reason) && reason !== 'body-incomplete') {
      // There would be no place for what was fetched, either.
      return {key: asset.key, reason};
    }
  }
  return undefined;
};

/** Where the same bytes are in other releases. */
const sourcesOf = ({digest}: StagedAsset, {others}: Stage): Place[] =>
  others.flatMap(({line, version, assets}) =>
    assets
      .filter((one) => digest && one.digest?.hex === digest.hex && one.digest.algorithm === digest.algorithm)
      .map(({key, file}) => placeOf(pin(key, line, version), file)),
  );

const fetched = async (
  asset: StagedAsset,
  place: Place,
  stage: Stage,
  download: Download,
): Promise<Outcome> => {
  const {key} = asset;
  let reason = await fetchInto(place, 'default', asset, stage, download);
  if (isWrong(reason)) {
    // The browser's own cache may be what is wrong.
    reason = await fetchInto(place, 'reload', asset, stage, download);
  }
  if (reason === undefined) {
    return 'fetched';
  }
  return typeof reason === 'number' ? {key, reason: 'status', status: reason} : {key, reason};
};

/** @returns what went wrong, if anything did: a number is a status. */
const fetchInto = async (
  place: Place,
  cache: RequestCache,
  asset: StagedAsset,
  stage: Stage,
  download: Download,
): Promise<StageFailureReason | number | undefined> => {
  const {key} = asset;
  const {line, version, signal, urls, evictionsSeen} = stage;
  const url = urls.get(key) ?? key;
  const watch = new StallWatch(signal);
  try {
    const request = new Request(url, {mode: 'cors', cache, signal: watch.signal});
    const target = pin(key, line, version, evictionsSeen);
    const wanted = {key, request, home: target.cacheName, mayBeStored: () => !outdated(target)};
    const incoming = await Promise.race([fetchToStore(wanted, signal), stage.aborted]);
    const {response, isResumable} = incoming;
    watch.alive();
    if (response.status !== 200 || isCodeFromElsewhere(url, response)) {
      response.body?.cancel().catch(() => undefined);
      return response.status === 200 ? 'redirected-code' : response.status;
    }
    download.isShared = isResumable;
    if (isResumable) {
      // It sees by itself to connections on which nothing comes.
      watch.end();
    }
    const reason = await putIncoming(incoming, asset, place, stage, () => isResumable || watch.alive());
    const broken = reason === 'body-incomplete' ? incoming.failure() : undefined;
    return broken instanceof UpstreamFailure ? broken.status : watch.isStalled ? 'unreachable' : reason;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof UpstreamFailure ? error.status : 'unreachable';
  } finally {
    watch.end();
  }
};

/** Puts what comes in its place, and says what has become of it: others may read it along. */
const putIncoming = async (
  {response, end}: Fetched,
  asset: StagedAsset,
  place: Place,
  stage: Stage,
  onBytes: () => void,
): Promise<StageFailureReason | undefined> => {
  let outcome: Parameters<typeof end>[0] = 'broken-off';
  try {
    const reason = await put(response, asset, place, 'fetched', stage, onBytes);
    outcome = isWrong(reason) ? 'wrong' : reason ? 'broken-off' : 'stored';
    return reason;
  } finally {
    await end(outcome);
  }
};

/** Puts what turns out to be the asset in its place. @returns why it did not, if so. */
const put = async (
  response: Response,
  asset: StagedAsset,
  place: Place,
  source: AssetSource,
  {progress, signal}: Stage,
  onBytes?: () => void,
): Promise<StageFailureReason | undefined> => {
  let failure: IntegrityReason | undefined;
  const count = progress.begin(asset, source);
  const checked = checkedResponse(
    response,
    expectedOf(asset),
    ({reason}) => {
      failure = reason;
    },
    (bytes) => {
      count(bytes);
      onBytes?.();
    },
  );
  const reason = await place.write(checked);
  // A body that breaks off fails its put without saying why.
  signal.throwIfAborted();
  return failure ?? reason;
};
