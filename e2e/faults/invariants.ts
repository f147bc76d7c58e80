/** What must be true whenever the worker is quiet, whatever has happened. Each says what is wrong, if anything is. */
import type {StageFailure, StageReport} from '@holdfast/service-worker/releases/stage/messages.js';
import type {Belief} from './Belief.ts';
import type {Circumstances} from './Circumstances.ts';
import {
  ALL_FILES,
  bytesOf,
  cacheNameOf,
  digestOf,
  filesOf,
  LINES,
  type Line,
  pathOf,
  VERSIONS,
  type Version,
} from './content.ts';
import {type Deed, payloadOf} from './explain.ts';
import {owned} from './LineState.ts';

/** Cache name → path → SHA-256. */
export type Stored = ReadonlyMap<string, ReadonlyMap<string, string>>;

const releases = LINES.flatMap((line) =>
  VERSIONS.map((version) => ({line, version, cacheName: cacheNameOf(line, version)})),
);

/** What was staged stays whole, and needs no network. */
export const wholeReleasesAreStored = (
  belief: Belief,
  stored: Stored,
  circumstances: Circumstances,
): string[] =>
  ALL_FILES.filter(
    (file) =>
      belief.isSure(file.line, (state) => circumstances.isCertain(state, file)) &&
      stored.get(cacheNameOf(file.line, file.version))?.get(pathOf(file)) !== digestOf(file),
  ).map(({line, version, name}) => `${line} ${version} was staged, but has not the right ${name}.`);

/** Nothing partial, wrong or of another release is kept. */
export const nothingWrongIsStored = (stored: Stored, circumstances: Circumstances): string[] => {
  const wrong: string[] = [];
  for (const [cacheName, entries] of stored) {
    for (const [path, sha256] of entries) {
      const file = ALL_FILES.find(
        (one) => cacheNameOf(one.line, one.version) === cacheName && pathOf(one) === path,
      );
      if (!file) {
        wrong.push(`${cacheName} has ${path}, which is not one of its files.`);
      } else if (
        sha256 !== digestOf(file) &&
        !circumstances.isDamaged(file) &&
        !(file.line === 'files-live' && circumstances.mayBeFromNetwork(file, sha256))
      ) {
        wrong.push(`${cacheName} has wrong bytes under ${path}.`);
      }
    }
  }
  return wrong;
};

/**
 * Of what nobody uses, keeps, stages or has asked for, nothing is left. To be asked of a worker that is quiet after its
 * start. (An empty cache tells nobody whose it is. It takes no room, and goes or is filled when its release is used.)
 */
export const everyCacheHasAnOwner = (belief: Belief, stored: Stored): string[] => {
  const isOwned = (cacheName: string): boolean =>
    releases.some(
      (release) =>
        release.cacheName === cacheName &&
        belief.isPossible(release.line, (state) => owned(state).includes(release.version)),
    );
  return [...stored]
    .filter(([cacheName, entries]) => entries.size > 0 && !isOwned(cacheName))
    .map(([cacheName]) => `the cache ${cacheName} is nobody's.`);
};

/** What is stored already, in this release or in another one that was staged, is not fetched. */
export const nothingIsFetchedTwiceForAStage = (
  belief: Belief,
  before: Stored,
  deed: Deed,
  requests: readonly string[],
): string[] => {
  if (deed.question.kind !== 'stage') {
    return [];
  }
  const {line, version} = deed.question;
  const has = (one: Line, of: Version, sha256: string): boolean =>
    filesOf(one, of).some(
      (file) => digestOf(file) === sha256 && before.get(cacheNameOf(one, of))?.get(pathOf(file)) === sha256,
    );
  const isThere = (sha256: string): boolean =>
    releases.some(
      (release) =>
        belief.isSure(release.line, ({staged}) => Boolean(staged[release.version])) &&
        has(release.line, release.version, sha256),
    );
  return filesOf(line, version)
    .filter(
      (file) =>
        requests.includes(pathOf(file)) &&
        (isThere(digestOf(file)) ||
          before.get(cacheNameOf(line, version))?.get(pathOf(file)) === digestOf(file)),
    )
    .map(({name}) => `${name} was fetched for the stage of ${line} ${version}, though it was stored.`);
};

/** However many ask for a file at the same time, it is fetched once. */
export const everyFileIsFetchedOnce = (
  belief: Belief,
  deeds: readonly Deed[],
  requests: readonly string[],
  circumstances: Circumstances,
): string[] => {
  const isCalm =
    circumstances.closed.size === 0 &&
    deeds.every(({question}) => ['load', 'stage'].includes(question.kind)) &&
    belief.isSure('files-en', ({isOff}) => !isOff);
  return VERSIONS.flatMap((version) => filesOf('files-en', version))
    .filter((file) => isCalm && circumstances.isCalm(file))
    .map(pathOf)
    .filter((path) => requests.filter((one) => one === path).length > 1)
    .map((path) => `${path} was fetched more than once.`);
};

/** A release that was staged and lacks a file is not made current. */
export const switchNeedsAllFiles = (belief: Belief, before: Stored, deed: Deed): string[] => {
  const {question} = deed;
  if (question.kind !== 'switch' || !payloadOf(deed)) {
    return [];
  }
  const {line, version} = question;
  const wasStaged = belief.isSure(
    line,
    ({staged, current}) => staged[version] !== undefined && current !== version,
  );
  const missing = filesOf(line, version).filter(
    (file) => !before.get(cacheNameOf(line, version))?.has(pathOf(file)),
  );
  return wasStaged && missing.length > 0
    ? [`${line} ${version} was made current without ${missing.map(({name}) => name).join(', ')}.`]
    : [];
};

/** A stage that is done has brought in every file to its last byte; one that has failed says which file, and why. */
export const stagesTellWhatTheyDid = (deed: Deed): string[] => {
  const {question} = deed;
  const payload = payloadOf(deed);
  if (question.kind !== 'stage' || !payload) {
    return [];
  }
  const {line, version} = question;
  const {state, assets, totalBytes, bytes, failures} = payload as Partial<StageReport> & {
    state: string;
    failures?: StageFailure[];
  };
  const files = filesOf(line, version);
  const size = files.reduce((sum, file) => sum + bytesOf(file).length, 0);
  const came = Object.values(bytes ?? {}).reduce((sum, some) => sum + some, 0);
  const isTold =
    state === 'done'
      ? assets === files.length && totalBytes === size && came === size
      : state === 'aborted' || failures?.some(({key, reason}) => key && reason);
  return isTold ? [] : [`the stage of ${line} ${version} tells ${JSON.stringify(payload)}.`];
};

/** No failure goes unheard. (Workbox itself rejects so when there is no answer for the page: that is its failed fetch.) */
export const nothingWasRejectedUnheard = (rejections: readonly string[]): string[] =>
  rejections.filter((text) => !text.startsWith('no-response')).map((text) => `unhandled rejection: ${text}`);
