/** A page of the app: there are never more than these, and the first is always open. */
export type Tab = 0 | 1 | 2;

/** What a page gets of a URL: an answer to its last byte, or the error that `fetch` or the body ends with. */
export type Loaded = {status: number; sha256: string} | 'failed';

/** What a page is answered to a message. It is lost with the worker that was asked, and with the page. */
export type Answered = {payload: Record<string, unknown>} | {error: string} | 'lost';

/** What goes wrong with the next answer of a URL. Of some, what matters is after how many bytes. */
export type NetworkFault =
  | {kind: 'cut' | 'truncate'; bytes: number}
  /** Nothing more comes until all else has come to its end. */
  | {kind: 'stall'; bytes: number}
  | {kind: 'wrong-bytes'}
  | {kind: 'status'; status: number};

/** What can happen to an entry of a cache: a byte of its body changes, or it is gone. */
export type Damage = 'flip' | 'lose';

/**
 * A browser with pages and the worker, a network, and a disk. It is told what happens; what is asked of the worker goes
 * on by itself, until the world is told to let it come to its end, or to stop it.
 *
 * A step is an operation of the worker on its storage or the network, such as a look into a cache.
 */
export interface World {
  readonly origin: string;

  openTab(tab: Tab): Promise<void>;
  closeTab(tab: Tab): Promise<void>;
  load(tab: Tab, path: string): Promise<Loaded>;
  ask(tab: Tab, type: string, payload: object): Promise<Answered>;

  /** Lets the worker take some steps, or fewer if nothing more is to be done. */
  pass(steps: number): Promise<void>;
  /** Kills the worker before the step of that number from now, or when nothing more is to be done. */
  killBefore(step: number): Promise<void>;
  /** Lets all that was begun come to its end. Stalled answers go on, in the end. */
  settle(): Promise<void>;

  publish(path: string, bytes: Uint8Array): void;
  addFault(path: string, fault: NetworkFault): void;
  setOffline(isOffline: boolean): Promise<void>;
  /** Leaves the origin so many bytes beyond those that it uses; without a number, as many as it wants. */
  setRoom(bytes: number | undefined): Promise<void>;
  /** Does nothing to an entry that is not there. */
  damage(cacheName: string, path: string, damage: Damage): Promise<void>;

  /** What is in the caches: cache name → path → SHA-256 of the body. */
  stored(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
  /** The paths that were asked for over the network since this was called last, each as often as it was. */
  takeRequests(): string[];
  /** Rejections in the worker that nobody has handled, since this was called last. */
  takeRejections(): Promise<string[]>;

  close(): Promise<void>;
}
