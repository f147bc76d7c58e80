import type {Strategy} from 'workbox-strategies/Strategy.js';
import {storeFailure} from '../../guard/storeFailure.ts';
import {Channel} from '../../messages/Channel.ts';
import type {DownloadProgress, Explanation, Reason, WorkerEvent} from '../../messages/protocol.ts';
import {reasonOfAnswer} from '../../worker/reasonOfAnswer.ts';
import {hasOurPlugins, routedStrategies} from '../../worker/routes.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import {homeOf} from '../homeOf.ts';
import {Ledger} from '../Ledger.ts';
import {keyOf} from './keyOf.ts';
import {Statistics, type Uses} from './Statistics.ts';

/** Older ones are forgotten: a page may request any number of URLs. */
const MOST = 1000;

/** Why a file was not stored the last time. */
interface Refused {
  reason: Reason;
  status: number | undefined;
  at: number;
  /** Whether it says what is wrong with the bytes: more than that they were not stored for it. */
  isOfBytes: boolean;
}

/** What `ResumableCacheFirst` looks like from outside: a worker without it does not carry its code. */
interface Resumable {
  files?: WeakMap<ExtendableEvent, {stored?: Promise<Reason | 'stored' | undefined> | undefined}>;
}

/** An error of a download: it names the reason, or has the status of the host's answer. */
interface DownloadFailure {
  reason?: Reason;
  status?: number;
}

/** Says why a request has failed. A connection that fails, and a host without CORS, are a TypeError. */
const reasonOf = (error: unknown): Reason => {
  const {reason, status}: DownloadFailure = Object(error);
  const other = status ? 'status' : storeFailure(error);
  return reason ?? (other === 'body-incomplete' ? 'unreachable' : other);
};

/** What has become of requests in this life of the worker: the last reason for each key, and the downloads in progress. */
export class Outcomes {
  private readonly worker: WorkerState;
  private readonly refusals = new Map<string, Refused>();
  private readonly downloads = new Map<string, DownloadProgress>();
  private readonly watched = new WeakSet<object>();

  constructor(worker: WorkerState) {
    this.worker = worker;
    worker.part(Channel).observers.add((event) => this.observe(event));
  }

  /** Watches the strategies of all routes. Those of routes that are added later take another call. */
  watch(): void {
    for (const strategy of routedStrategies()) {
      if (strategy.plugins && !this.watched.has(strategy)) {
        this.watched.add(strategy);
        this.follow(strategy as Strategy);
      }
    }
  }

  /** Returns why a file was not stored the last time. */
  refusalOf(keys: readonly string[]): Explanation['refusal'] {
    for (const key of keys) {
      const refused = this.refusals.get(key);
      if (refused) {
        const {reason, status, at} = refused;
        return {reason, status, secondsAgo: Math.round((Date.now() - at) / 1000)};
      }
    }
    return null;
  }

  /** Returns how far the download of a file is. */
  downloadOf(keys: readonly string[]): DownloadProgress | null {
    return keys.map((key) => this.downloads.get(key)).find(Boolean) ?? null;
  }

  private observe({type, payload}: WorkerEvent): void {
    if (type === 'ASSET_STORED') {
      this.note(payload.key, undefined);
    } else if (type === 'DOWNLOAD_PROGRESS') {
      this.downloads.delete(payload.key);
      if (payload.state === 'running') {
        this.downloads.set(payload.key, payload);
      }
    } else if (type === 'RESPONSE_REFUSED') {
      this.note(payload.key, payload.reason, payload.status);
    } else if (type === 'ASSET_NOT_STORED') {
      this.note(payload.key, payload.reason);
    } else if (type === 'INTEGRITY_FAILED') {
      this.note(payload.key, payload.reason, undefined, true);
    }
  }

  /** Has a strategy report what no event does: that a host cannot be reached, say. */
  private follow(strategy: Strategy): void {
    strategy.plugins.push({
      cachedResponseWillBeUsed: async ({cachedResponse, request, event}) => {
        void this.count(request.url, event, strategy, cachedResponse ? {hits: 1} : {misses: 1});
        return cachedResponse;
      },
      handlerDidComplete: async ({event, request, response, error}) => {
        const key = keyOf(strategy.plugins, request);
        const ofAnswer = response && reasonOfAnswer(response);
        const note = (outcome: Reason | 'stored' | undefined): void => {
          if (outcome === 'stored') {
            this.note(key, undefined);
          } else if (outcome) {
            const reason = outcome === 'refused' ? (ofAnswer ?? outcome) : outcome;
            this.note(key, reason, response?.status);
            void this.count(key, event, strategy, {refusals: {[reason]: 1}});
          }
        };
        const stored = (strategy as Resumable).files?.get(event)?.stored;
        if (stored) {
          // Not awaited: a large file may take longer than an event.
          void stored.then(note, (failure: DownloadFailure) =>
            this.note(key, reasonOf(failure), failure.status),
          );
        } else if (error) {
          // What the put has failed with. A failed request is no error here.
          note(storeFailure(error));
        } else if (response) {
          note(this.worker.contextOf(event).outcome ?? ofAnswer);
        } else if (!request.signal.aborted) {
          note('unreachable');
        }
      },
    });
  }

  /** Counts something about the file of a key. Of a hit, also its bytes. Routes of which no account is kept do not count. */
  private async count(
    key: string,
    event: ExtendableEvent,
    strategy: Strategy,
    what: Partial<Uses>,
  ): Promise<void> {
    if (!hasOurPlugins(strategy)) {
      return;
    }
    const {worker} = this;
    const home = homeOf(worker, event, strategy.cacheName);
    const ledger = worker.part(Ledger);
    const found = what.hits ? await ledger.find({key, cacheName: home.cacheName}) : undefined;
    const counted = found ? Object.assign({savedBytes: found.bytes}, what) : what;
    worker.part(Statistics).count(ledger.routeOf(home), home, counted);
  }

  private note(key: string, reason: Reason | undefined, status?: number, isOfBytes = false): void {
    const {refusals} = this;
    const before = refusals.get(key);
    if (before?.isOfBytes && (reason === 'integrity-failed' || reason === 'body-incomplete')) {
      return;
    }
    // The last one is the last to be forgotten.
    refusals.delete(key);
    if (reason) {
      refusals.set(key, {
        reason,
        status: reason === 'status' ? status : undefined,
        at: Date.now(),
        isOfBytes,
      });
      const [oldest = key] = refusals.keys();
      if (refusals.size > MOST) {
        refusals.delete(oldest);
      }
    }
  }
}
