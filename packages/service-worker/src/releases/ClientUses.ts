import {changeRecords, inTime, readRecords, type UseRecord} from './records.ts';

declare const self: ServiceWorkerGlobalScope;

/** What clients use, by client and line. */
export type Uses = Map<string, UseRecord>;

const idOf = ({line, client}: {line: string; client: string}): string => `${client} ${line}`;

/** Returns what a client uses of a line. */
export const useOf = (uses: Uses, line: string, client: string): UseRecord | undefined =>
  uses.get(idOf({line, client}));

/**
 * Which clients use which releases, as this worker knows it and as it is recorded. It is loaded by the worker's first
 * request, and not before: only then is this worker the active one, and no other adds to the records.
 */
export class ClientUses {
  private loaded: Uses | undefined;
  private loading: Promise<Uses | undefined> | undefined;

  /** Returns what clients use; `undefined` where storage cannot be read, or does not answer. */
  get(): Promise<Uses | undefined> {
    this.loading ||= this.load();
    return this.loading;
  }

  /**
   * Notes that a client uses a version. This worker knows it at once.
   *
   * @param isPin whether the client's URLs without a version stand for this one from now on.
   * @returns a promise for the time when the note will outlive the worker; `undefined` if it was known before.
   */
  note(line: string, client: string, version: string, isPin: boolean): Promise<void> | undefined {
    const uses: Uses = this.loaded || new Map();
    const before = useOf(uses, line, client);
    const {used = [], pinned} = before || ({} as Partial<UseRecord>);
    const pin = isPin ? version : pinned;
    if (before && pin === pinned && used.includes(version)) {
      return undefined;
    }
    const record = {line, client, pinned: pin, used: [...new Set(used.concat(version))]};
    uses.set(idOf(record), record);
    // Storage that cannot be written keeps no page from its bytes.
    return inTime(changeRecords((change) => change.addUse(line, client, version, isPin)));
  }

  /** Forgets in this worker what a client uses of a line, or what all clients do. */
  forget(line: string, client?: string): void {
    for (const record of this.inMemory()) {
      if (record.line === line && (client === undefined || record.client === client)) {
        (this.loaded as Uses).delete(idOf(record));
      }
    }
  }

  /** Reads what clients use of a line, or of all lines: `present` ones, and those that are `gone`. */
  async read(line?: string): Promise<{present: UseRecord[]; gone: UseRecord[]}> {
    const stored = await readRecords('use', line);
    const before = new Set(stored.concat(this.inMemory()).map(({client}) => client));
    const clients = await self.clients.matchAll({includeUncontrolled: true, type: 'all'});
    const records = stored.concat(this.inMemory()).filter((use) => line === undefined || use.line === line);
    // A client that came since the browser made its list is present.
    const isPresent = ({client}: UseRecord): boolean =>
      !before.has(client) || clients.some(({id}) => id === client);
    return {present: records.filter(isPresent), gone: records.filter((use) => !isPresent(use))};
  }

  private inMemory(): UseRecord[] {
    return this.loaded ? [...this.loaded.values()] : [];
  }

  private async load(): Promise<Uses | undefined> {
    const records = await inTime(readRecords('use'));
    if (records) {
      this.loaded = new Map(records.map((record) => [idOf(record), record]));
    } else {
      this.loading = undefined;
    }
    return this.loaded;
  }
}
