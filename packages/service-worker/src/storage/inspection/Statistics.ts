import {createStore, promisifyRequest} from 'idb-keyval';
import type {Reason} from '../../messages/protocol.ts';
import {type Group, groupsOf, type Place, type Route} from '../Entry.ts';
import {ownDatabase} from '../ownDatabase.ts';

/** How the files of a group are used. */
export interface Uses {
  hits: number;
  misses: number;
  savedBytes: number;
  refusals: Partial<Record<Reason, number>>;
}

/** A group, or a release by the name of its cache. */
export type Counted = Group | `release ${string}`;

/** Counts are collected for so long before they are written. */
const WRITE_AFTER_MS = 3000;

const store = createStore(ownDatabase('holdfast-statistics'), 'uses');

const none = (): Uses => ({hits: 0, misses: 0, savedBytes: 0, refusals: {}});

/** Counts how stored files are used. What a killed worker has not written is lost. */
export class Statistics {
  private counts = new Map<Counted, Uses>();

  /** Counts something about a file of a route. */
  count(route: Route, {cacheName}: Pick<Place, 'cacheName'>, what: Partial<Uses>): void {
    if (this.counts.size === 0) {
      setTimeout(() => void this.write().catch(() => undefined), WRITE_AFTER_MS);
    }
    const groups: Counted[] = groupsOf(route);
    if (route.line !== undefined) {
      groups.push(`release ${cacheName}`);
    }
    for (const group of groups) {
      this.counts.set(group, sum(this.counts.get(group) ?? none(), what));
    }
  }

  /** Returns everything that was counted. */
  async read(): Promise<Map<Counted, Uses>> {
    await this.write();
    return store('readonly', async (records) => {
      const [keys, uses] = await Promise.all([
        promisifyRequest<IDBValidKey[]>(records.getAllKeys()),
        promisifyRequest<Uses[]>(records.getAll()),
      ]);
      return new Map(uses.map((one, index) => [keys[index] as Counted, one]));
    });
  }

  private async write(): Promise<void> {
    const {counts} = this;
    this.counts = new Map();
    await store('readwrite', async (records) => {
      const {transaction} = records;
      for (const [group, uses] of counts) {
        const old = await promisifyRequest<Uses | undefined>(records.get(group));
        records.put(sum(old ?? none(), uses), group);
      }
      await promisifyRequest(transaction);
    });
  }
}

const sum = (uses: Uses, {hits = 0, misses = 0, savedBytes = 0, refusals = {}}: Partial<Uses>): Uses => {
  const all = Object.assign({}, uses.refusals);
  for (const [reason, count] of Object.entries(refusals) as [Reason, number][]) {
    all[reason] = (all[reason] ?? 0) + count;
  }
  return {
    hits: uses.hits + hits,
    misses: uses.misses + misses,
    savedBytes: uses.savedBytes + savedBytes,
    refusals: all,
  };
};
