import type {WorkboxPlugin} from 'workbox-core/types.js';
import {createRequestContext, type RequestContext} from './RequestContext.ts';
import type {SignedIn} from './SignedIn.ts';
import type {StorageLedger, StoragePlace} from './StorageLedger.ts';

/** What a subject folder keeps in a worker: its releases, its downloads, its channel. */
type Part<Instance> = new (worker: WorkerState) => Instance;

/**
 * Everything that one service worker keeps in memory. It holds one instance of each part, made when it is first asked
 * for, so that a worker carries the code of those parts alone that it uses.
 *
 * There is one in each worker, {@link thisWorker}. A test makes as many as it needs.
 */
export class WorkerState {
  /** What must be deleted with the caches of releases, and is kept elsewhere. Called after caches were deleted. */
  readonly cleanups = new Set<() => Promise<unknown>>();
  /** Each tells whether it has no need of a file at the moment, so that it may be deleted. */
  readonly users = new Set<(place: Pick<StoragePlace, 'cacheName' | 'key'>) => Promise<boolean>>();
  /** Absent where the worker has no budgets. */
  ledger: StorageLedger | undefined;
  /** Set by `accounts()`. */
  accounts: SignedIn | undefined;
  private readonly parts = new Map<Part<unknown>, unknown>();
  private readonly contexts = new WeakMap<ExtendableEvent, RequestContext>();
  private readonly routed: () => readonly WorkboxPlugin[];

  /** @param routed returns the plugins of all routes. */
  constructor(routed: () => readonly WorkboxPlugin[] = () => []) {
    this.routed = routed;
  }

  /** Returns the worker's instance of a part. */
  part<Instance>(Part: Part<Instance>): Instance {
    let instance = this.parts.get(Part) as Instance | undefined;
    if (!instance) {
      instance = new Part(this);
      this.parts.set(Part, instance);
    }
    return instance;
  }

  /** Returns what the plugins of an event share. */
  contextOf(event: ExtendableEvent): RequestContext {
    let context = this.contexts.get(event);
    if (!context) {
      context = createRequestContext();
      this.contexts.set(event, context);
    }
    return context;
  }

  /** The plugins of all routes: the one record of what this worker looks after. */
  get plugins(): readonly WorkboxPlugin[] {
    return this.routed();
  }
}
