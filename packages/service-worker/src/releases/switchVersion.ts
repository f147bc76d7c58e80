import {Channel} from '../messages/Channel.ts';
import {type Evicted, evict} from './evict.ts';
import type {Releases} from './Releases.ts';
import {readRecord} from './records.ts';
import {nameOf} from './releaseOf.ts';

/** How a line is switched. */
export interface SwitchOptions {
  /** The client that asks for it, and moves to the version; empty for none. */
  client: string;
  /** How many of the releases that were current before stay for a rollback. */
  keep: number;
  /** Whether all other releases are deleted at once, also those that pages use, or that are staged. */
  evictNow: boolean;
}

/** Makes a version current. To be called under the switch lock. */
const makeCurrent = async (
  releases: Releases,
  line: string,
  version: string,
  {client, keep, evictNow}: SwitchOptions,
): Promise<Evicted> => {
  const {staged, clientUses} = releases;
  const before = await readRecord('line', line);
  const former = before ? [before.current].concat(before.previous).filter((one) => one !== version) : [];
  const previous = former.slice(0, evictNow ? 0 : keep);
  const isNew = !before || before.current !== version;
  const superseded = staged
    ? await staged.supersededBy({line, version, isNew, former, previous, evictNow})
    : [];
  const record = {line, current: version, previous, evicting: true};

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
  // The switch is made. What cannot be deleted now is left to the next start as well.
  return evict(releases, record).catch(() => ({evicted: [], kept: previous}));
};

/**
 * Makes a version the current one of its line, in one step: for new clients, and for the one that asks. What is neither
 * used nor kept any more is deleted.
 *
 * @throws Error when the version was staged and is incomplete.
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
 * @throws Error when none is kept, or when it is incomplete.
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
    const options = {client, keep: previous.length, evictNow: false};
    return Object.assign(await makeCurrent(releases, line, version, options), {version});
  });
