import {forgetUses, readUses} from './clientUses.ts';
import {forgetSnapshot} from './currentVersions.ts';
import {report} from './events.ts';
import {noteEviction} from './evictions.ts';
import {missingAssets} from './missingAssets.ts';
import {evictCaches} from './releaseCaches.ts';
import {releaseKeeper} from './releaseKeeper.ts';
import type {Scope} from './releaseOf.ts';
import {isLineOf} from './scopes.ts';
import {isBeingStaged} from './stageLock.ts';
import {changeState, type LineRecord, type ReleaseRecord, readRecords, type UseRecord} from './state.ts';
import {withSwitchLock} from './switchLock.ts';

export interface SwitchOptions {
  /** The client that asks for it, and moves over to the version. */
  client?: string | undefined;
  /** How many of the releases that were current before stay for a rollback. */
  keep: number;
  /** Whether all other releases go at once, also those that pages use, or that are staged. */
  evictNow: boolean;
}

/** What became of the line's other releases. */
export interface Evicted {
  evicted: string[];
  /** Those that stay: for a rollback, because they are staged, or because a page uses them. */
  kept: string[];
}

const versionsIn = (uses: readonly UseRecord[]): string[] => uses.flatMap(({used}) => used);

const deleteUses = (uses: readonly UseRecord[]): Promise<void> =>
  changeState((change) => {
    for (const {line, client} of uses) {
      change.deleteUse(line, client);
      forgetUses(line, client);
    }
  });

/**
 * Deletes what is left of a line's releases except the current one, those that are kept or staged, and those that
 * clients use.
 */
const evict = async (scopes: readonly Scope[], record: LineRecord): Promise<Evicted> => {
  const {line, current, previous} = record;
  const staged = (await readRecords('release', line)).map(({version}) => version);
  const lasting = [current, ...previous, ...staged];
  const {there, gone} = await readUses(line);
  const kept = [...new Set([...lasting, ...versionsIn(there)])];
  noteEviction({line, kept});

  const leaving = [...new Set([...record.leaving, ...versionsIn(gone)])];
  const found = await evictCaches(scopes, line, kept, leaving);
  // A file that a page has open cannot be deleted.
  const isLeft = await releaseKeeper()
    .evict(line, kept)
    .then(
      () => false,
      () => true,
    );

  const waiting = kept.filter((version) => !lasting.includes(version));
  const rest = {
    evicting: isLeft || waiting.length > 0,
    leaving: leaving.filter((version) => waiting.includes(version)),
  };
  await changeState((change) => change.putLine(Object.assign({}, record, rest)));
  await deleteUses(gone);
  if (found.evicted.length > 0) {
    report({type: 'RELEASES_EVICTED', payload: {line, evicted: found.evicted, kept}});
  }
  return {evicted: found.evicted, kept: found.kept.filter((version) => version !== current)};
};

/**
 * The staged releases that a switch makes needless: what was current before and is not kept, and what was staged before
 * the version was. Of a version that was never staged that cannot be said: then it is those that nobody goes on with.
 */
const supersededBy = async (
  target: ReleaseRecord | undefined,
  others: readonly ReleaseRecord[],
  former: readonly string[],
): Promise<ReleaseRecord[]> => {
  const superseded: ReleaseRecord[] = [];
  for (const other of others) {
    const isOlder = target
      ? other.order < target.order
      : !(other.isWhole || (await isBeingStaged(other.line, other.version)));
    if (former.includes(other.version) || isOlder) {
      superseded.push(other);
    }
  }
  return superseded;
};

/** Makes a version current. To be called under the lock. */
const makeCurrent = async (
  scopes: readonly Scope[],
  line: string,
  version: string,
  {client, keep, evictNow}: SwitchOptions,
): Promise<Evicted> => {
  const [before] = await readRecords('line', line);
  const releases = await readRecords('release', line);
  const target = releases.find((release) => release.version === version);
  const isNew = before?.current !== version;
  if (isNew && target && !(target.isWhole && (await missingAssets(target)).length === 0)) {
    throw new Error(`'${version}' of '${line}' was staged and is not whole. Stage it again.`);
  }

  const former = before ? [before.current, ...before.previous].filter((one) => one !== version) : [];
  const previous = former.slice(0, evictNow ? 0 : keep);
  const others = releases.filter((one) => one.version !== version && !previous.includes(one.version));
  const superseded = evictNow ? others : await supersededBy(target, others, former);
  // They are known to be ours even where their caches are empty and tell nothing.
  const ours = [
    ...former,
    ...superseded.map((one) => one.version),
    ...versionsIn(await readRecords('use', line)),
  ];
  const leaving = [...new Set([...(before?.leaving ?? []), ...ours])].filter(
    (one) => one !== version && !previous.includes(one),
  );
  const record = {line, current: version, previous, evicting: true, leaving};

  // Whoever dies before this has changed nothing; whoever dies after it leaves the rest to the next start.
  await changeState((change) => {
    change.putLine(record);
    for (const release of superseded) {
      change.deleteRelease(line, release.version);
    }
    if (evictNow) {
      change.deleteUses(line);
    } else if (client) {
      change.deleteUse(line, client);
    }
  });
  if (evictNow || client) {
    forgetUses(line, evictNow ? undefined : client);
  }
  forgetSnapshot();
  report({type: 'VERSION_SWITCHED', payload: {line, version}});
  // The switch is made. What cannot be deleted now is left to the next start as well.
  return evict(scopes, record).catch(() => ({evicted: [], kept: previous}));
};

/**
 * Makes a version the current one of its line, in one step: for new clients, and for the one that asks. What nobody
 * uses or keeps any more is deleted.
 *
 * @throws Error when the version was staged and is not whole.
 */
export const switchVersion = (
  scopes: readonly Scope[],
  line: string,
  version: string,
  options: SwitchOptions,
): Promise<Evicted> => withSwitchLock(() => makeCurrent(scopes, line, version, options));

/**
 * Makes the version current that was so before, as long as it is kept. The one that it replaces is kept in its place.
 *
 * @throws Error when none is kept, or when it is not whole.
 */
export const rollBack = (
  scopes: readonly Scope[],
  line: string,
  client: string | undefined,
): Promise<Evicted & {version: string}> =>
  withSwitchLock(async () => {
    const [{previous} = {previous: []}] = await readRecords('line', line);
    const [version] = previous;
    if (version === undefined) {
      throw new Error(`no release of '${line}' is kept that was current before.`);
    }
    const options = {client, keep: previous.length, evictNow: false};
    return Object.assign(await makeCurrent(scopes, line, version, options), {version});
  });

/** Deletes what could not be deleted before: by a worker that was killed, or because of clients that have gone since. */
export const finishEvictions = async (scopes: readonly Scope[]): Promise<void> => {
  const {gone} = await readUses();
  const isLeft = (await readRecords('line')).some(({evicting}) => evicting);
  if (isLeft || gone.length > 0) {
    await withSwitchLock(async () => {
      for (const record of await readRecords('line')) {
        const {line, current, evicting} = record;
        const hasGone = versionsIn(gone.filter((use) => use.line === line)).some((one) => one !== current);
        if ((evicting || hasGone) && isLineOf(scopes, line)) {
          await evict(scopes, record);
        }
      }
      // Those of lines in which nothing is to be deleted.
      await deleteUses((await readUses()).gone);
    });
  }
};
