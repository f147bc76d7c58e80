import type {Forged} from './forged.ts';

/** A page of the app. There are never more than these, and the first is always open. */
export type Tab = 0 | 1 | 2;

/** What a page gets of a URL: a complete answer, or `failed` if `fetch` or the body fails. */
export type Loaded = {status: number; sha256: string} | 'failed';

/** What a page is answered to a message. `lost`: the worker was killed, or the page was closed. */
export type Answered = {payload: Record<string, unknown>} | {error: string} | 'lost';

/** What goes wrong with the next answer of a URL. Some faults begin after a number of bytes. */
export type NetworkFault =
  | {kind: 'cut' | 'truncate'; bytes: number}
  /** Nothing more arrives until everything else has ended. */
  | {kind: 'stall'; bytes: number}
  | {kind: 'wrong-bytes'}
  /** 401, 403: a credential has expired. */
  | {kind: 'status'; status: number};

/** What happens to an entry of a cache: a byte of its body changes, or the entry is deleted. */
export type Damage = 'flip' | 'lose';

/**
 * A browser with pages and the worker, a network, and a disk. Questions to the worker run by themselves, until the world
 * is asked to let them end, or to stop them.
 *
 * A step is an operation of the worker on its storage or the network, such as a look-up in a cache.
 */
export interface World {
  readonly origin: string;

  openTab(tab: Tab): Promise<void>;
  closeTab(tab: Tab): Promise<void>;
  load(tab: Tab, path: string): Promise<Loaded>;
  /** Asks the worker. Where it answers with a job, the page polls that to its end. */
  ask(tab: Tab, type: string, payload: object): Promise<Answered>;
  /** Aborts the job that a page waits for, when its id is known. Does nothing if the job ends before that. */
  abort(tab: Tab, asker: string): Promise<Answered>;

  /** Lets the worker take some steps, or fewer if nothing more is to be done. */
  pass(steps: number): Promise<void>;
  /** Kills the worker before the step of that number from now, or when nothing more is to be done. */
  killBefore(step: number): Promise<void>;
  /** Lets everything that has begun come to its end. Stalled answers resume at last. */
  settle(): Promise<void>;

  publish(path: string, bytes: Uint8Array): void;
  addFault(path: string, fault: NetworkFault): void;
  setOffline(isOffline: boolean): Promise<void>;
  /** Leaves the origin so many bytes beyond those that it uses; `undefined` removes the limit. */
  setRoom(bytes: number | undefined): Promise<void>;
  /** Posts something as other code of the origin may do. No answer is waited for. */
  forge(forged: Forged): Promise<void>;
  /** Does nothing to a missing entry. */
  damage(cacheName: string, path: string, damage: Damage): Promise<void>;

  /** What is in the caches: cache name → path → SHA-256 of the body. */
  stored(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** The paths of the requests that reached the network since the last call, one for each request. */
  takeRequests(): string[];
  /** Unhandled rejections in the worker since the last call. */
  takeRejections(): Promise<string[]>;

  close(): Promise<void>;
}
