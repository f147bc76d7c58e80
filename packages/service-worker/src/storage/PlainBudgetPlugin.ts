import type {
  CacheDidUpdateCallbackParam,
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  HandlerDidCompleteCallback,
  HandlerDidErrorCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import type {Strategy} from 'workbox-strategies/Strategy.js';
import {putEntry} from '../downloads/putEntry.ts';
import {refusalToStore} from '../guard/isStorable.ts';
import {reportRefusal} from '../guard/reportRefusal.ts';
import {discardBody} from '../http/discardBody.ts';
import {withoutBody} from '../http/withoutBody.ts';
import {withoutUrls} from '../http/withoutUrls.ts';
import {Channel} from '../messages/Channel.ts';
import type {StoreFailure, WorkerEvent} from '../messages/protocol.ts';
import type {Scope} from '../releases/releaseOf.ts';
import {accountKey, publicEntry} from '../worker/accountKey.ts';
import {routedStrategies} from '../worker/routes.ts';
import type {StoragePlace} from '../worker/StorageLedger.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import type {Entry} from './Entry.ts';
import {homeOf} from './homeOf.ts';
import {Ledger} from './Ledger.ts';
import {maxAgeOf} from './limits.ts';
import {type BudgetPluginOptions, checkBudgetOptions} from './options.ts';

/** A plugin of a route with releases. */
interface ScopedPlugin extends WorkboxPlugin {
  holdfast?: string;
  scope: Scope;
}

/** What the plugin keeps for one request. Workbox passes it to each callback. */
interface RequestState {
  /** The final key. */
  key?: Request;
  /** When it was stored, if the route asks. */
  facts?: Promise<Facts | undefined> | undefined;
  /** What is stored and too old, but may be used where the network has no answer. */
  stale?: Response | undefined;
}

/** What decides about the age of a file. */
type Facts = Pick<Entry, 'storedAt' | 'type'>;

/** A `BudgetPlugin` for a worker without releases, which carries no code for them. */
export class PlainBudgetPlugin implements WorkboxPlugin {
  readonly holdfast = 'budget';
  readonly options: BudgetPluginOptions;
  private readonly worker: WorkerState;
  protected readonly ledger: Ledger;
  /** The events of files that were fetched again. There is no third attempt. */
  private readonly retried = new WeakSet<ExtendableEvent>();
  private strategy: Partial<Strategy> | undefined;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: BudgetPluginOptions = {}, worker: WorkerState = thisWorker) {
    if (process.env.NODE_ENV !== 'production') {
      checkBudgetOptions(options);
    }
    this.options = options;
    this.worker = worker;
    this.ledger = worker.part(Ledger);
  }

  /** The name of its route: the prefix of its releases, or its cache. */
  get route(): string | undefined {
    const {plugins = [], cacheName} = this.routed();
    const scoped = plugins.find((plugin) => (plugin as ScopedPlugin).holdfast === 'versionScope') as
      | ScopedPlugin
      | undefined;
    return scoped?.scope.prefix ?? cacheName;
  }

  /** Notes the key, in its account's partition, and begins to look how old the file is. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, event, state}) => {
    const kept = state as RequestState;
    const key = await accountKey(this.worker, event, request, mode);
    kept.key = key;
    if (mode === 'read' && this.hasMaxAge) {
      kept.facts = this.ledger.find(this.placeOf(event, key));
    }
    return key;
  };

  /** Notes that the file is used. What is too old is not used, unless the network has no answer. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async (param) => {
    const {request, event, state} = param;
    const cachedResponse = await publicEntry(param);
    const kept = state as RequestState;
    const place = this.placeOf(event, request);
    if (!cachedResponse) {
      return cachedResponse;
    }
    const facts = await kept.facts;
    const spare = facts ? this.spareMs(place, facts) : undefined;
    if (spare !== undefined) {
      kept.stale = spare > 0 ? cachedResponse : undefined;
      return null;
    }
    this.ledger.use(place);
    return cachedResponse;
  };

  /** Answers with what is too old. */
  handlerDidError: HandlerDidErrorCallback = async ({state}) => (state as RequestState).stale;

  /** Stores what the strategy would store by itself, once there is room for it. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const context = this.worker.contextOf(event);
    const {key = request} = state as RequestState;
    // Workbox itself looks only where no plugin has this callback.
    const refusal = await refusalToStore(request, response, context);
    if (refusal) {
      reportRefusal(this.worker, event, key.url, response, refusal);
    } else if (context.sharesDownloads || this.routed().cacheName === undefined) {
      // `ResumableCacheFirst` asks for room by itself. And a strategy inside of a function is not seen.
      return response;
    } else {
      context.outcome = (await this.put(key, response, event)) ?? 'stored';
    }
    return null;
  };

  /** Where storage was full, and there is room by now, tries once more. */
  handlerDidComplete: HandlerDidCompleteCallback = async ({request, event}) => {
    const context = this.worker.contextOf(event);
    if (context.outcome === 'quota-exceeded' && !this.retried.has(event)) {
      this.retried.add(event);
      context.outcome = undefined;
      await this.retry(request, event);
    }
  };

  private async put(
    key: Request,
    response: Response,
    event: ExtendableEvent,
  ): Promise<StoreFailure | undefined> {
    const {cacheName = '', plugins = []} = this.routed();
    const updated = plugins.filter(({cacheDidUpdate}) => cacheDidUpdate);
    const oldResponse =
      updated.length > 0
        ? await caches.match(key, {cacheName, ignoreVary: true}).catch(() => undefined)
        : undefined;
    const asking = {worker: this.worker, context: this.worker.contextOf(event)};
    const reason = await putEntry(asking, cacheName, key, response, () => caches.open(cacheName));
    const type = reason ? 'ASSET_NOT_STORED' : 'ASSET_STORED';
    this.worker.part(Channel).report({type, payload: {key: key.url, cacheName, reason}} as WorkerEvent);
    for (const plugin of reason ? [] : updated) {
      const newResponse = withoutUrls(withoutBody(response));
      const update = {cacheName, event, newResponse, oldResponse, request: key, state: {}};
      await plugin.cacheDidUpdate?.(update as CacheDidUpdateCallbackParam).catch(() => undefined);
    }
    return reason;
  }

  /** Has the strategy fetch and store a file again. The page has the first answer. */
  private async retry(request: Request, event: ExtendableEvent): Promise<void> {
    const [response, done] = (this.routed() as Strategy).handleAll({event, request});
    await response.then(discardBody, () => undefined);
    await done.catch(() => undefined);
  }

  /** Returns the strategy that has this plugin. */
  private routed(): Partial<Strategy> {
    this.strategy ??= routedStrategies().find(({plugins}) => plugins?.includes(this));
    return this.strategy ?? {};
  }

  private placeOf(event: ExtendableEvent, {url}: Request): StoragePlace {
    return Object.assign({key: url}, homeOf(this.worker, event, this.routed().cacheName ?? ''));
  }

  private get hasMaxAge(): boolean {
    const {namespaces = {}, maxAgeSeconds} = this.ledger.options;
    const limits = [this.options, ...Object.values(namespaces)];
    return maxAgeSeconds !== undefined || limits.some((one) => one.maxAgeSeconds !== undefined);
  }

  /**
   * Returns for how many milliseconds a file may still be used where the network has no answer: 0 for none.
   *
   * @returns `undefined` for one that is not too old.
   */
  private spareMs(place: StoragePlace, {storedAt, type}: Facts): number | undefined {
    const age = Date.now() - storedAt;
    const limits = this.ledger.budgetsOf(this.ledger.routeOf(place)).map(([, limit]) => limit);
    const maxAge = Math.min(...limits.map((limit) => maxAgeOf(limit, type)));
    const {staleIfErrorSeconds = 0} = limits.find((limit) => limit.staleIfErrorSeconds !== undefined) ?? {};
    return age < maxAge ? undefined : Math.max(0, maxAge + staleIfErrorSeconds * 1000 - age);
  }
}
