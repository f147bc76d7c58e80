import {type Entry, type Group, groupsOf, idOf, type Place} from './Entry.ts';

/** What of a group of files is stored. */
export interface Total {
  bytes: number;
  entries: number;
}

/** Files of one release, or all that belong to none. */
type Shelf = Map<string, Entry>;

/** Where the files stand that belong to no release. */
const OF_NO_RELEASE = '';

const shelfOf = ({line, version}: Entry): string =>
  line === undefined ? OF_NO_RELEASE : `${line} ${version}`;

/** What the ledger knows to be stored, in memory, in the order in which it was last used. */
export class Stock {
  private readonly entries = new Map<string, Entry>();
  private readonly shelves = new Map<string, Shelf>();
  private readonly totals = new Map<Group, Total>();

  constructor(entries: readonly Entry[] = []) {
    for (const entry of [...entries].sort((one, other) => one.usedAt - other.usedAt)) {
      this.put(entry);
    }
  }

  get(place: Place): Entry | undefined {
    return this.entries.get(idOf(place));
  }

  total(group: Group): Total {
    return this.totals.get(group) ?? {bytes: 0, entries: 0};
  }

  /** Returns everything. */
  all(): Entry[] {
    return [...this.entries.values()];
  }

  /** Returns the files of each release, the release first that was not used for longest. */
  releases(): Entry[][] {
    return [...this.shelves]
      .filter(([name]) => name !== OF_NO_RELEASE)
      .map(([, shelf]) => [...shelf.values()]);
  }

  /** Returns the files that belong to no release, the one first that was not used for longest. */
  files(): Iterable<Entry> {
    return (this.shelves.get(OF_NO_RELEASE) ?? (new Map() as Shelf)).values();
  }

  /** Puts a file last, as the one that was used last. */
  put(entry: Entry): void {
    this.delete(entry);
    this.entries.set(idOf(entry), entry);
    const name = shelfOf(entry);
    const shelf: Shelf = this.shelves.get(name) ?? new Map();
    this.shelves.delete(name);
    this.shelves.set(name, shelf.set(idOf(entry), entry));
    this.count(entry, 1);
  }

  delete(place: Place): void {
    const id = idOf(place);
    const old = this.entries.get(id);
    if (old) {
      const name = shelfOf(old);
      const shelf = this.shelves.get(name);
      this.entries.delete(id);
      shelf?.delete(id);
      if (shelf?.size === 0) {
        this.shelves.delete(name);
      }
      this.count(old, -1);
    }
  }

  private count(entry: Entry, sign: 1 | -1): void {
    for (const group of groupsOf(entry)) {
      const {bytes, entries} = this.total(group);
      this.totals.set(group, {bytes: bytes + sign * entry.bytes, entries: entries + sign});
    }
  }
}
