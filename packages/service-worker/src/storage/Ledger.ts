import {registerQuotaErrorCallback} from 'workbox-core/registerQuotaErrorCallback.js';
import {publicKey} from '../http/partition.ts';
import type {StoreFailure} from '../messages/protocol.ts';
import {prefixOf} from '../releases/releaseOf.ts';
import {sleep} from '../timing/sleep.ts';
import {within} from '../timing/within.ts';
import type {StorageLedger, StoragePlace} from '../worker/StorageLedger.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {deleteFile} from './deleteFile.ts';
import {ALL, type Entry, type Group, idOf, type Place, type Route} from './Entry.ts';
import {isNamedIn} from './isNamedIn.ts';
import {type LedgerState, readEntries, readEntry, readState, writeEntries} from './ledgerRecords.ts';
import {type Limits, parseBytes} from './limits.ts';
import type {BudgetPluginOptions, BudgetsOptions} from './options.ts';
import {Pressure} from './Pressure.ts';
import {placeOf} from './places.ts';
import {planVictims} from './planVictims.ts';
import type {FoundFile, ReleaseRoom} from './ReleaseRoom.ts';
import {rebuild} from './rebuild.ts';
import {Stock, type Total} from './Stock.ts';
import {storedFile} from './storedFile.ts';

/** Uses are collected for so long before they are written: less would be felt, and an idle worker lives longer. */
const WRITE_AFTER_MS = 10_000;

/** The request for which a worker starts comes first. */
const REBUILDS_AFTER_MS = 5000;

/** To read what all caches hold takes time. In between, the ledger is right unless somebody else deletes something. */
const REBUILDS_EVERY_MS = 60 * 60 * 1000;

const READS_WITHIN_MS = 1000;

/** A turn may delete many files. One that takes longer waits for a database that does not answer. */
const TURN_ENDS_WITHIN_MS = 20_000;

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** What the plugin of a route says of it. */
interface RouteBudget {
  holdfast?: string;
  route?: string;
  options?: BudgetPluginOptions;
}

/** The limits of a group. */
type Budget = [Group, Limits];

const isLimit = ({maxBytes, maxEntries}: Limits): boolean => (maxBytes ?? maxEntries) !== undefined;

const maxBytesOf = ({maxBytes = NO_LIMIT}: Limits): number => parseBytes(maxBytes);

/** Databases are known not to answer at times. A page does not wait any longer. */
const readInTime = (place: Place): Promise<Entry | undefined> =>
  within(readEntry(place), READS_WITHIN_MS, undefined);

/** Where an account finds what is stored for everybody. */
const publicPlace = (place: Place): Place => {
  const key = publicKey(place.key);
  return key === place.key ? place : {cacheName: place.cacheName, key};
};

/** Tells whether a file alone is larger than a budget. */
const isTooLarge = (bytes: number, budgets: readonly Budget[]): boolean =>
  budgets.some(([, limits]) => bytes > maxBytesOf(limits));

/** Keeps account of everything that is stored, and keeps it within its budgets. */
export class Ledger implements StorageLedger {
  readonly worker: WorkerState;
  /** The limits of all that is stored, and of namespaces. Set by `budgets()`. */
  options: BudgetsOptions = {};
  /** What makes room in releases, where the worker has any. */
  releases: ReleaseRoom | undefined;
  /** What is being stored at the moment, by place: how many bytes, as far as that is known. */
  private readonly inProgress = new Map<string, number>();
  /** The places of files that were used since that was last written, with the time. */
  private readonly used = new Map<string, [Place, number]>();
  private readonly pressure = new Pressure(this);
  private isWriteDue = false;
  private stock = new Stock();
  private state: LedgerState | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(worker: WorkerState) {
    this.worker = worker;
    worker.ledger = this;
    worker.cleanups.add(() => this.forgetDeleted());
    registerQuotaErrorCallback(() => this.makeRoomAtQuota());
    self.addEventListener('fetch', () => void this.rebuildLater().catch(() => undefined), {once: true});
  }

  /** Makes room for a file. One file at a time, so that many that arrive at once do not all take the last place. */
  async admit(asked: StoragePlace, bytes = 0, type: string | null = null): Promise<StoreFailure | undefined> {
    const place = await placeOf(asked);
    const entry = Object.assign(this.entryOf(place, bytes, type ?? ''), {isPending: true});
    const budgets = this.budgetsOf(entry);
    const id = idOf(place);
    this.inProgress.set(id, bytes);
    const isAdmitted =
      !isTooLarge(bytes, budgets) &&
      (await within(
        this.inTurn(async () => {
          const {stock} = this;
          const old = stock.get(place);
          stock.put(Object.assign({}, entry, {former: old && {storedAt: old.storedAt, type: old.type}}));
          const hasRoom = await this.keepWithin(budgets, entry);
          if (!hasRoom) {
            stock.delete(entry);
            if (old) {
              stock.put(old);
            }
          }
          await this.write([place]);
          return hasRoom;
          // A ledger that cannot be read, or written, counts as full where there are limits.
        }).catch(() => {
          this.state = undefined;
          return !budgets.some(([, limits]) => isLimit(limits));
        }),
        TURN_ENDS_WITHIN_MS,
        false,
      ));
    if (!isAdmitted) {
      this.inProgress.delete(id);
    }
    return isAdmitted ? undefined : 'over-budget';
  }

  settle(place: StoragePlace, bytes?: number, isNew = true): void {
    void this.settled(place, bytes, isNew).catch(() => undefined);
  }

  private async settled(asked: StoragePlace, known: number | undefined, isNew: boolean): Promise<void> {
    const place = await placeOf(asked);
    try {
      await this.pressure.stored(await this.note(place, known, isNew));
    } finally {
      this.inProgress.delete(idOf(place));
    }
  }

  /**
   * Notes what is stored of a file. Where it has turned out to be larger than was announced, makes room for it.
   *
   * @param place without a secret.
   * @param known its bytes; measured where they are not given.
   * @returns them.
   */
  private note(place: StoragePlace, known: number | undefined, isNew: boolean): Promise<number> {
    return this.inTurn(async () => {
      this.inProgress.delete(idOf(place));
      const wasPending = this.stock.get(place)?.isPending;
      const entry = await this.put(place, known, isNew);
      if (entry) {
        const budgets = this.budgetsOf(entry);
        const isWithin = !isTooLarge(entry.bytes, budgets) && (await this.keepWithin(budgets, entry));
        // What has been there for longer stays, and so does what is by now a part of a release that is needed.
        if (wasPending && isNew && !isWithin && (await this.mayGo())(entry)) {
          await this.deleteFile(entry);
        }
      }
      await this.write([place]);
      return entry?.bytes ?? 0;
    });
  }

  /** Notes what is stored of some files, as it is found. What is being stored at the moment is left out. */
  async correct(files: readonly FoundFile[]): Promise<void> {
    await this.inTurn(async () => {
      const settled = files.filter((file) => !this.isBusy(file));
      await Promise.all(settled.map((file) => this.put(file, file.bytes, false)));
      await this.write(settled);
    });
  }

  /** Notes that a file was used. Nothing is written on a hit: what a killed worker has not written costs recency alone. */
  use(place: Place): void {
    this.used.set(idOf(place), [place, Date.now()]);
    if (!this.isWriteDue) {
      this.isWriteDue = true;
      setTimeout(() => {
        this.isWriteDue = false;
        void this.inTurn(async () => undefined).catch(() => undefined);
      }, WRITE_AFTER_MS);
    }
  }

  /** Returns what is known of a file: of its account, or else of everybody. A hit does not wait until a worker that has just started has read all of them. */
  async find(asked: Place): Promise<Entry | undefined> {
    const place = await placeOf(asked);
    const shared = publicPlace(place);
    return this.state
      ? (this.stock.get(place) ?? this.stock.get(shared))
      : ((await readInTime(place)) ?? (shared === place ? undefined : readInTime(shared)));
  }

  /** Returns what was known of a place, without a secret, when the ledger was last read. */
  entryAt(place: Place): Entry | undefined {
    return this.stock.get(place);
  }

  /** Tells whether a file is being stored. */
  isBusy(place: Place): boolean {
    return this.inProgress.has(idOf(place));
  }

  /** Returns the name of the route that stores what belongs in a place, and of the namespace that the route is in. */
  routeOf({cacheName, line}: Pick<StoragePlace, 'cacheName' | 'line'>): Route {
    const route = line === undefined ? cacheName : prefixOf(line);
    const [namespace] = Object.keys(this.options.namespaces ?? {})
      .filter((name) => isNamedIn(name, route))
      .sort((one, other) => other.length - one.length);
    return {route, namespace, line};
  }

  /** Returns the budgets that what a route stores has to keep, the narrowest first. */
  budgetsOf({route, namespace, line}: Route): Budget[] {
    const budgets: Budget[] = [];
    for (const {options} of this.pluginsOf(route)) {
      if (options?.of !== 'line') {
        budgets.push([`route ${route}`, options ?? {}]);
      } else if (line !== undefined) {
        budgets.push([`line ${line}`, options]);
      }
    }
    if (namespace !== undefined) {
      budgets.push([`namespace ${namespace}`, this.options.namespaces?.[namespace] ?? {}]);
    }
    return budgets.concat([[ALL, this.options]]);
  }

  /** Does work with the ledger, one at a time, after it was read and what was used is noted in it. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.last.then(async () => {
      await this.refresh();
      return work();
    });
    // The next one does not wait for a database that does not answer.
    this.last = within(turn, TURN_ENDS_WITHIN_MS, undefined);
    return turn;
  }

  /** Returns everything that is known to be stored. To be called in turn. */
  get entries(): readonly Entry[] {
    return this.stock.all();
  }

  /** Deletes a file, also of a release. To be called in turn. @returns whether it is gone. */
  async deleteFile(entry: Entry): Promise<boolean> {
    const isGone = await deleteFile(this.worker, entry);
    await (isGone && this.forget([entry]));
    return isGone;
  }

  /** Returns what would be deleted first to make room: all files of a release, or one file. */
  nextVictim(): Promise<Entry[][]> {
    return this.inTurn(async () => (await this.plan(ALL, {bytes: 1, entries: 0})) ?? []);
  }

  /** Deletes files, or all of a release. To be called in turn. @returns whether they are gone. */
  private async delete(victim: readonly Entry[]): Promise<boolean> {
    const [{line, version} = {} as Partial<Entry>] = victim;
    const isGone =
      line === undefined || version === undefined
        ? (await Promise.all(victim.map((entry) => deleteFile(this.worker, entry)))).every(Boolean)
        : await this.releases?.evict(line, version);
    if (isGone) {
      await this.forget(victim);
    }
    return Boolean(isGone);
  }

  /** Forgets files that are not stored any more. To be called in turn. */
  async forget(entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      this.stock.delete(entry);
    }
    await this.write(entries);
  }

  /** Notes when the ledger was last compared with what is stored. To be called in turn. */
  async wasRebuilt(): Promise<void> {
    (this.state as LedgerState).rebuiltAt = Date.now();
    await this.write([]);
  }

  /** Returns the names of the worker's routes. */
  routes(): Set<string | undefined> {
    return new Set(this.plugins.map(({route}) => route));
  }

  private get plugins(): RouteBudget[] {
    return (this.worker.plugins as readonly RouteBudget[]).filter(({holdfast}) => holdfast === 'budget');
  }

  private pluginsOf(name: string): RouteBudget[] {
    return this.plugins.filter(({route}) => route === name);
  }

  /** Enters what is stored of a file, in memory. */
  private async put(
    place: StoragePlace,
    known: number | undefined,
    isNew: boolean,
  ): Promise<Entry | undefined> {
    const {stock} = this;
    const found = known === undefined ? await storedFile(place) : undefined;
    const bytes = known ?? found?.bytes ?? 0;
    const old = stock.get(place) ?? this.entryOf(place, 0, found?.type ?? '', found?.date);
    const former = isNew ? undefined : old.former;
    const entry = Object.assign({}, old, former, {bytes, isPending: false, former: undefined});
    stock.delete(place);
    if (bytes > 0) {
      stock.put(entry);
    }
    return bytes > 0 ? entry : undefined;
  }

  private entryOf(place: StoragePlace, bytes: number, type: string, storedAt = Date.now()): Entry {
    const {key, cacheName, version} = place;
    const route = this.routeOf(place);
    const isPinned = this.pluginsOf(route.route).some(({options}) => options?.pinned);
    return Object.assign({key, cacheName, version, bytes, type, storedAt, usedAt: storedAt, isPinned}, route);
  }

  /** Reads the ledger, if this worker has not, or another one has changed it; and notes what was used. */
  private async refresh(): Promise<void> {
    const state = await readState();
    if (state.changes !== this.state?.changes) {
      this.stock = new Stock(await readEntries());
    }
    this.state = state;
    const used = [...this.used.values()];
    this.used.clear();
    const places: Place[] = [];
    for (const [asked, usedAt] of used) {
      const place = await placeOf(asked);
      const entry = this.stock.get(place) ?? this.stock.get(publicPlace(place));
      if (entry) {
        this.stock.put(Object.assign({}, entry, {usedAt}));
        places.push(entry);
      }
    }
    await (places.length > 0 && this.write(places));
  }

  private async write(places: readonly Place[]): Promise<void> {
    const state = this.state as LedgerState;
    const before = await writeEntries(places, (place) => this.stock.get(place), state);
    // Another worker may have changed it in between: then it is read again.
    state.changes = before === state.changes ? before + 1 : -1;
  }

  /** Deletes what may go, where a group holds too much. @returns whether every group is within its limits then. */
  private async keepWithin(budgets: readonly Budget[], reason: Place): Promise<boolean> {
    for (const [group, limits] of budgets.filter(([, one]) => isLimit(one))) {
      const total = this.stock.total(group);
      const missing = {
        bytes: total.bytes - maxBytesOf(limits),
        entries: total.entries - (limits.maxEntries ?? NO_LIMIT),
      };
      if ((missing.bytes > 0 || missing.entries > 0) && !(await this.makeRoom(group, missing, reason))) {
        return false;
      }
    }
    return true;
  }

  /** Returns what tells whether a file may be deleted, or its release. */
  private async mayGo(): Promise<(entry: Entry) => boolean> {
    const isReleaseFree = await this.releases?.evictable();
    return (entry) =>
      !entry.isPinned && !this.isBusy(entry) && (entry.line === undefined || Boolean(isReleaseFree?.(entry)));
  }

  private async plan(
    group: Group,
    missing: Total,
    reason?: Place,
    isKept: (entry: Entry) => boolean = () => false,
  ): Promise<Entry[][] | undefined> {
    const mayGo = await this.mayGo();
    return planVictims(this.stock, group, missing, (entry) => mayGo(entry) && !isKept(entry), reason);
  }

  /** Deletes what may go. What turns out to be needed all the same is left out of the next plan. */
  private async makeRoom(group: Group, missing: Total, reason?: Place): Promise<boolean> {
    const kept = new Set<string>();
    const before = this.stock.total(group);
    for (;;) {
      const now = this.stock.total(group);
      const left = {
        bytes: missing.bytes - (before.bytes - now.bytes),
        entries: missing.entries - (before.entries - now.entries),
      };
      const victims = await this.plan(group, left, reason, (entry) => kept.has(idOf(entry)));
      if (!victims?.length) {
        return victims !== undefined;
      }
      for (const victim of victims) {
        if (!(await this.delete(victim))) {
          for (const entry of victim) {
            kept.add(idOf(entry));
          }
        }
      }
    }
  }

  /** Storage is full. Makes room for the largest file that is being stored, as far as that is known. */
  private makeRoomAtQuota(): Promise<unknown> {
    const bytes = Math.max(1, ...this.inProgress.values());
    return this.inTurn(() => this.makeRoom(ALL, {bytes, entries: 0}));
  }

  /** Forgets what went with a release, or with an account. What is being stored in a new release stays. */
  private async forgetDeleted(): Promise<void> {
    const isRecorded = await this.releases?.recorded();
    const isGone = (entry: Entry): boolean =>
      Boolean(this.worker.accounts?.isSignedOut(entry.key)) ||
      (entry.line !== undefined && !entry.isPending && isRecorded?.(entry) === false);
    await this.inTurn(() => this.forget(this.entries.filter(isGone)));
  }

  /** Compares the ledger with what is stored where it is time for that, or a killed worker was storing something. */
  private async rebuildLater(): Promise<void> {
    await sleep(REBUILDS_AFTER_MS);
    const isDue = await this.inTurn(
      async () =>
        Date.now() - (this.state as LedgerState).rebuiltAt > REBUILDS_EVERY_MS ||
        this.entries.some((entry) => entry.isPending && !this.isBusy(entry)),
    );
    await (isDue && rebuild(this));
  }
}
