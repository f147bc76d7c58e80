import {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {storeFailure} from '../../guard/storeFailure.ts';
import {sleep} from '../../timing/sleep.ts';
import {hasOurPlugins, routedStrategies, strategyFor} from '../../worker/routes.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import {findInCache} from '../findAsset.ts';
import type {Pin} from '../pinRequest.ts';

/** The request for which a worker starts comes first. */
const ADOPTS_AFTER_MS = 5000;

/** What says that an entry is not the asset, or is needed no more. After anything else, it stays where it is. */
const OF_NO_USE: readonly unknown[] = [
  'html',
  'wrong-type',
  'empty',
  'redirected',
  'integrity-failed',
  'kept-as-file',
  'stored',
];

/** What says nothing about the entry: storage takes no more. */
const OF_STORAGE: readonly unknown[] = ['quota-exceeded', 'storage-failed'];

/** An entry of an older cache that a route of ours would answer. */
interface OldEntry {
  cacheName: string;
  request: Request;
  handler: StrategyHandler;
  /** Whether storage has failed to take it in this worker's life. */
  hasFailed?: boolean;
}

const readEntry = ({request, cacheName}: OldEntry): Promise<Response | undefined> =>
  caches.match(request, {cacheName, ignoreVary: true});

/** Returns what a route of ours would make of an entry; `undefined` where none would answer it. */
const entryOf = async (
  cacheName: string,
  request: Request,
): Promise<{key: string; entry: OldEntry} | undefined> => {
  // Plugins know each other's work by the event.
  const event = new ExtendableEvent('adopt');
  const strategy = strategyFor(request, event);
  if (!strategy || !hasOurPlugins(strategy) || strategy.cacheName === cacheName) {
    return undefined;
  }
  const handler = new StrategyHandler(strategy, {event, request});
  const {url} = await handler.getCacheKey(request, 'read');
  return {key: url, entry: {cacheName, request, handler}};
};

/**
 * Caches of before: of a plain Workbox route, or of a library. What the routes would fetch today is moved from there, so
 * that an upgrade downloads nothing. Each entry goes the way of an answer of the network: the plugins of its route give it
 * its key, refuse what is not the asset, and check its digest where they know one.
 */
export class OldCaches {
  private readonly worker: WorkerState;
  private readonly names: readonly string[];
  private entries: Promise<Map<string, OldEntry>> | undefined;
  /** By key, so that no entry is moved twice at a time. */
  private readonly moves = new Map<string, Promise<void>>();

  constructor(worker: WorkerState, names: readonly string[]) {
    this.worker = worker;
    this.names = names;
  }

  /**
   * Returns an asset once it is moved into its release: by then it is verified. Where storage has no room for it, it is
   * answered from where it is, as before. `undefined` where no older cache has it.
   */
  async find({key, cacheName}: Pin): Promise<Response | undefined> {
    const entry = (await this.index()).get(key);
    if (!entry) {
      return undefined;
    }
    await this.moveOnce(key, entry);
    const moved = await findInCache(new Request(key), cacheName);
    return moved ?? (entry.hasFailed ? readEntry(entry) : undefined);
  }

  /** Moves all entries, one after the other. A worker that is killed meanwhile resumes it at its next start. */
  async adopt(): Promise<void> {
    await sleep(ADOPTS_AFTER_MS);
    for (const [key, entry] of await this.index()) {
      await this.moveOnce(key, entry);
    }
    for (const name of this.names) {
      await this.deleteIfUnused(name);
    }
  }

  /** Finds out which entries there are, and under which key each of them would be stored today. */
  private index(): Promise<Map<string, OldEntry>> {
    this.entries ??= this.read().catch((error) => {
      this.entries = undefined;
      throw error;
    });
    return this.entries;
  }

  private async read(): Promise<Map<string, OldEntry>> {
    const entries = new Map<string, OldEntry>();
    for (const cacheName of this.names) {
      const requests = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
      for (const request of requests) {
        // A route or plugin of others that throws for one entry keeps no other from being moved.
        const found = await entryOf(cacheName, request).catch(() => undefined);
        if (found) {
          entries.set(found.key, found.entry);
        }
      }
    }
    return entries;
  }

  private async moveOnce(key: string, entry: OldEntry): Promise<void> {
    if (entry.hasFailed) {
      return;
    }
    const moving = this.moves.get(key) ?? this.move(key, entry).catch(() => undefined);
    this.moves.set(key, moving);
    await moving;
    this.moves.delete(key);
  }

  private async move(key: string, entry: OldEntry): Promise<void> {
    const {cacheName, request, handler} = entry;
    const context = this.worker.contextOf(handler.event);
    const home = context.home?.();
    const isThere = home !== undefined && (await findInCache(new Request(key), home));
    const response = await readEntry(entry);
    if (response && !isThere) {
      // The route's own cache takes it, or a plugin stores it and says so.
      const isPut = await handler.cachePut(request, response).catch((error) => {
        context.outcome = storeFailure(error);
      });
      if (!isPut && !OF_NO_USE.includes(context.outcome)) {
        entry.hasFailed = OF_STORAGE.includes(context.outcome);
        return;
      }
    }
    await (await caches.open(cacheName)).delete(request, {ignoreVary: true});
    (await this.index()).delete(key);
  }

  /** Deletes a cache in which nothing is left, unless a route has it. */
  private async deleteIfUnused(name: string): Promise<void> {
    const isRouted = routedStrategies().some(({cacheName}) => cacheName === name);
    if (!isRouted && (await caches.has(name)) && (await (await caches.open(name)).keys()).length === 0) {
      await caches.delete(name);
    }
  }
}
