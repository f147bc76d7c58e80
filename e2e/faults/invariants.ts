/** What must be true whenever the worker is idle. Each function returns what is wrong. */
import type {AssetFailure, StageReport} from '@holdfast/service-worker/messages';
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

/** A staged release stays complete, and needs no network. */
export const completeReleasesAreStored = (
  belief: Belief,
  stored: Stored,
  circumstances: Circumstances,
): string[] =>
  ALL_FILES.filter(
    (file) =>
      belief.isSure(file.line, (state) => circumstances.isCertain(state, file)) &&
      stored.get(cacheNameOf(file.line, file.version))?.get(pathOf(file)) !== digestOf(file),
  ).map(({line, version, name}) => `${line} ${version} was staged, but lacks the right ${name}.`);

/** Nothing partial, wrong or of another release is stored. */
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
 * Each cache belongs to a release that is used, kept, staged or was requested. To be checked after a start of the worker.
 * (An empty cache may stay: it takes no room, and is deleted or filled when its release is used.)
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
    .map(([cacheName]) => `the cache ${cacheName} belongs to no release.`);
};

/** A file that is stored already, in this release or in another staged one, is not fetched. */
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

/** Simultaneous requests for a file share one fetch. */
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

/** A staged release that lacks a file does not become current. */
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

/** A stage that is done has staged every byte of every file. One that failed names a file and a reason. */
export const stagesReportWhatTheyDid = (deed: Deed): string[] => {
  const {question} = deed;
  const payload = payloadOf(deed);
  if (question.kind !== 'stage' || !payload) {
    return [];
  }
  const {line, version} = question;
  const {state, report, failures} = payload as {
    state: string;
    report?: StageReport;
    failures?: AssetFailure[];
  };
  const files = filesOf(line, version);
  const size = files.reduce((sum, file) => sum + bytesOf(file).length, 0);
  const staged = Object.values(report?.bytes ?? {}).reduce((sum, some) => sum + some, 0);
  const isRight =
    state === 'done'
      ? report?.assets === files.length && report.totalBytes === size && staged === size
      : state === 'aborted' || failures?.some(({key, reason}) => key && reason);
  return isRight ? [] : [`the stage of ${line} ${version} reports ${JSON.stringify(payload)}.`];
};

/** Each rejection is handled. (Workbox rejects with `no-response` when a page's fetch fails.) */
export const noRejectionIsUnhandled = (rejections: readonly string[]): string[] =>
  rejections.filter((text) => !text.startsWith('no-response')).map((text) => `unhandled rejection: ${text}`);
