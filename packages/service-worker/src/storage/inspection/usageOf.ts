import {estimate} from '../../guard/estimate.ts';
import type {StorageUsage, UsageInfo, UsageKind} from '../../messages/protocol.ts';
import {nameOf, prefixOf} from '../../releases/releaseOf.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import {type Entry, groupsOf} from '../Entry.ts';
import {Ledger} from '../Ledger.ts';
import {type Limits, parseBytes} from '../limits.ts';
import {nextToGo} from '../nextToGo.ts';
import {rebuild} from '../rebuild.ts';
import {type Counted, Statistics} from './Statistics.ts';

/** Returns what a group is called, what it belongs to, and how it is cleared. */
const identify = (
  group: Counted,
  entry?: Entry,
): Pick<UsageInfo, 'kind' | 'name' | 'route' | 'line' | 'selection'> => {
  const [kind = 'all', ...rest] = group.split(' ') as [UsageKind, ...string[]];
  const id = rest.join(' ');
  const name = kind === 'line' ? nameOf(id) : id;
  const {line, version = '', route = null} = entry ?? ({} as Partial<Entry>);
  const lineName = line === undefined ? null : nameOf(line);
  switch (kind) {
    case 'line':
      return {kind, name, route: prefixOf(id), line: null, selection: {line: {name}}};
    case 'release': {
      const release = {line: {name: lineName ?? ''}, version};
      return {kind, name, route, line: lineName, selection: {release}};
    }
    default:
      return {kind, name, route: null, line: null, selection: kind === 'all' ? {} : {[kind]: name}};
  }
};

const emptyInfo = (group: Counted, entry?: Entry): UsageInfo =>
  Object.assign(identify(group, entry), {
    entries: 0,
    bytes: 0,
    oldest: null,
    newest: null,
    hits: 0,
    misses: 0,
    savedBytes: 0,
    refusals: {},
    maxBytes: null,
    maxEntries: null,
  });

const add = (info: UsageInfo, {bytes, storedAt}: Entry): void => {
  info.entries += 1;
  info.bytes += bytes;
  info.oldest = Math.min(info.oldest ?? storedAt, storedAt);
  info.newest = Math.max(info.newest ?? storedAt, storedAt);
};

const limit = (info: UsageInfo, {maxBytes, maxEntries}: Limits): void => {
  info.maxBytes = maxBytes === undefined ? null : parseBytes(maxBytes);
  info.maxEntries = maxEntries ?? null;
};

/** Lists what is stored, in groups, after the ledger was compared with storage. */
export const usageOf = async (worker: WorkerState): Promise<StorageUsage> => {
  const ledger = worker.part(Ledger);
  await rebuild(ledger);
  const groups = new Map<Counted, UsageInfo>();
  const infoOf = (group: Counted, entry?: Entry): UsageInfo => {
    const info = groups.get(group) ?? emptyInfo(group, entry);
    groups.set(group, info);
    return info;
  };
  // These have their limits also while nothing is stored.
  limit(infoOf('all'), ledger.options);
  for (const [name, limits] of Object.entries(ledger.options.namespaces ?? {})) {
    limit(infoOf(`namespace ${name}`), limits);
  }
  for (const entry of await ledger.inTurn(async () => ledger.entries)) {
    for (const group of groupsOf(entry)) {
      add(infoOf(group), entry);
    }
    if (entry.line !== undefined) {
      add(infoOf(`release ${entry.cacheName}`, entry), entry);
    }
    for (const [group, limits] of ledger.budgetsOf(entry)) {
      limit(infoOf(group), limits);
    }
  }
  const uses = await worker
    .part(Statistics)
    .read()
    .catch(() => new Map());
  for (const [group, counted] of uses) {
    // Of what was deleted, the counts are of no use.
    if (!group.startsWith('release ') || groups.has(group)) {
      Object.assign(infoOf(group), counted);
    }
  }
  const {usage = null, quota = null} = await estimate();
  return {groups: [...groups.values()], next: await nextToGo(ledger), estimate: {usage, quota}};
};
