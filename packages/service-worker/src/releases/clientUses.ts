import {inTime} from './inTime.ts';
import {changeState, readRecords, type UseRecord} from './state.ts';

declare const self: ServiceWorkerGlobalScope;

/** What clients use, by line and client. */
type Uses = Map<string, UseRecord>;

/**
 * What is known in this worker. It is loaded by its first request, and not before: only then it is the active one, and
 * nobody else adds to what is stored.
 */
let loaded: Uses | undefined;
let loading: Promise<Uses | undefined> | undefined;

const idOf = ({line, client}: {line: string; client: string}): string => `${client} ${line}`;

const load = async (): Promise<Uses | undefined> => {
  const records = await inTime(readRecords('use'), undefined);
  loading = undefined;
  if (records) {
    loaded ??= new Map(records.map((record) => [idOf(record), record]));
  }
  return loaded;
};

/** What clients use, for a request. @returns `undefined` where storage cannot be read, or does not answer. */
export const clientUses = async (): Promise<Uses | undefined> => {
  loading ??= loaded ? undefined : load();
  return loaded ?? loading;
};

export const useOf = (known: Uses, line: string, client: string): UseRecord | undefined =>
  known.get(idOf({line, client}));

/**
 * Notes that a client uses a version. In this worker that is known at once.
 *
 * @param isPin whether the version is what the client's URLs without one stand for from now on.
 * @returns a promise for the time when it will outlive the worker; `undefined` if it was known before.
 */
export const noteUse = (
  known: Uses,
  line: string,
  client: string,
  version: string,
  isPin: boolean,
): Promise<void> | undefined => {
  const before = useOf(known, line, client);
  const pinned = isPin ? version : before?.pinned;
  const used = before?.used ?? [];
  if (before && pinned === before.pinned && used.includes(version)) {
    return undefined;
  }
  const record = {line, client, pinned, used: [...new Set([...used, version])]};
  known.set(idOf(record), record);
  // Storage that cannot be written keeps no page from its bytes.
  return inTime(
    changeState((change) => change.addUse(line, client, version, isPin)),
    undefined,
  );
};

/** Forgets in this worker what a client uses of a line, or what all clients do. */
export const forgetUses = (line: string, client?: string): void => {
  for (const [id, record] of loaded ?? []) {
    if (record.line === line && (client === undefined || record.client === client)) {
      loaded?.delete(id);
    }
  }
};

const inMemory = (): UseRecord[] => [...(loaded ?? new Map<string, UseRecord>()).values()];

/** What clients use of a line, or of all lines: of those that are there, and of those that have gone. */
export const readUses = async (line?: string): Promise<{there: UseRecord[]; gone: UseRecord[]}> => {
  const stored = await readRecords('use', line);
  const before = new Set([...stored, ...inMemory()].map(({client}) => client));
  const clients = await self.clients.matchAll({includeUncontrolled: true, type: 'all'});
  const records = [...stored, ...inMemory()].filter((use) => line === undefined || use.line === line);
  // Whoever has come since the browser made its list is there.
  const isThere = ({client}: UseRecord): boolean =>
    !before.has(client) || clients.some(({id}) => id === client);
  return {there: records.filter(isThere), gone: records.filter((use) => !isThere(use))};
};
