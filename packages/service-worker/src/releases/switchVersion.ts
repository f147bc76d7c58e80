import {Channel} from '../messages/Channel.ts';
import {type Evicted, evict} from './evict.ts';
import {holdsFiles, storedReleases} from './holdsFiles.ts';
import type {Releases} from './Releases.ts';
import {type LineRecord, readRecord, readRecords} from './records.ts';
import {nameOf} from './releaseOf.ts';

/** How a line is switched. */
export interface SwitchOptions {
  /** The client that asks for it, and moves to the version; empty for none. */
  client: string;
  /**
   * How many of the releases that were current before stay for a rollback. At a line's first switch, the one that was
   * used last counts as the one before.
   */
  keep: number;
  /** Whether all other releases are deleted at once, also those that pages use, or that are staged. */
  evictNow: boolean;
  /** Whether the version may be one of which nothing is stored. Then nothing is evicted. */
  allowEmpty: boolean;
}

/** Returns what a switch must not replace by nothing: a version that nobody has is a mistake, more often than not. */
const nothingStored = async ({scopes}: Releases, line: string, version: string): Promise<Error> => {
  const all = await storedReleases(scopes);
  const versions = all.filter((cache) => cache.line === line).map((cache) => cache.version);
  const lines = [...new Set(all.map((cache) => `'${nameOf(cache.line)}'`))];
  const stored = versions[0]
    ? `Stored versions: ${versions.join(', ')}.`
    : `Nothing is stored of this line. Lines of which something is: ${lines.join(', ') || 'none'}.`;
  return new Error(
    `'${version}' of '${nameOf(line)}' is neither stored nor staged. ${stored} ` +
      'Stage it first; or say allowEmpty: true, to have it filled as its files are requested.',
  );
};

/**
 * Returns the versions that hold files and were current before, the last one first. At the first switch, the one that was
 * used last of those that came by use counts as that.
 */
const formerVersions = async ({scopes}: Releases, record: LineRecord | undefined, line: string) => {
  const stored = await storedReleases(scopes, line);
  if (record) {
    // One that holds nothing takes no place of one that does.
    const known = [record.current].concat(record.previous);
    return known.filter((one) => stored.some(({version}) => version === one));
  }
  const staged = (await readRecords('release', line)).map(({version}) => version);
  return stored
    .filter(({version}) => !staged.includes(version))
    .sort((one, other) => (other.usedAt ?? 0) - (one.usedAt ?? 0))
    .map(({version}) => version);
};

/** Makes a version current. To be called under the switch lock. */
const makeCurrent = async (
  releases: Releases,
  line: string,
  version: string,
  {client, keep, evictNow, allowEmpty}: SwitchOptions,
): Promise<Evicted> => {
  const {staged, clientUses, scopes} = releases;
  const before = await readRecord('line', line);
  const others = (await formerVersions(releases, before, line)).filter((one) => one !== version);
  const former = before ? others : others.slice(0, 1);
  const previous = former.slice(0, evictNow ? 0 : keep);
  const isNew = !before || before.current !== version;
  const isEmpty = !(await holdsFiles(scopes, {line, version}));
  const needless = staged
    ? await staged.supersededBy({line, version, isNew, former, previous, evictNow})
    : [];
  if (isEmpty && isNew && !allowEmpty) {
    throw await nothingStored(releases, line, version);
  }
  const superseded = isEmpty ? [] : needless;
  const record = {line, current: version, previous, evicting: !isEmpty};

  // A worker that is killed before this has changed nothing; one that is killed after it leaves the rest to the next start.
  await releases.evictions.change((change) => {
    change.put('line', record);
    for (const release of superseded) {
      change.delete('release', release);
    }
    if (evictNow) {
      change.deleteAll('use', line);
    } else if (client) {
      change.delete('use', {line, client});
    }
  });
  if (evictNow || client) {
    clientUses.forget(line, evictNow ? undefined : client);
  }
  releases.forget();
  releases.worker.part(Channel).report({type: 'VERSION_SWITCHED', payload: {line: nameOf(line), version}});
  if (isEmpty) {
    // Nothing that holds files goes for a release that holds none. The next switch deletes it.
    const recorded = (await readRecords('cache', line)).map((cache) => cache.version);
    return {evicted: [], kept: recorded.filter((one) => one !== version)};
  }
  // The switch is made. What cannot be deleted now is left to the next start as well.
  return evict(releases, record).catch(() => ({evicted: [], kept: previous}));
};

/**
 * Makes a version the current one of its line, in one step: for new clients, and for the one that asks. Those of the
 * line's other releases are deleted that are not kept, staged or used.
 *
 * @throws Error when the version was staged and is incomplete, or when nothing of it is stored.
 */
export const switchVersion = (
  releases: Releases,
  line: string,
  version: string,
  options: SwitchOptions,
): Promise<Evicted> => releases.locks.withSwitchLock(() => makeCurrent(releases, line, version, options));

/**
 * Makes the version current that was so before, as long as it is kept. The one that it replaces is kept in its place.
 *
 * @throws Error when none is kept, or when it is incomplete, or not stored any more.
 */
export const rollBack = (
  releases: Releases,
  line: string,
  client: string,
): Promise<Evicted & {version: string}> =>
  releases.locks.withSwitchLock(async () => {
    const {previous} = (await readRecord('line', line)) || {previous: []};
    const [version] = previous;
    if (version === undefined) {
      throw new Error(`no previous release of '${nameOf(line)}' is kept.`);
    }
    const options = {client, keep: previous.length, evictNow: false, allowEmpty: false};
    return Object.assign(await makeCurrent(releases, line, version, options), {version});
  });
