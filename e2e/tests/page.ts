import * as holdfast from '@holdfast/window';

interface Timer {
  due: number;
  fire(): void;
}

/** The timers of the page, by their ids. */
const timers = new Map<number, Timer>();

/** Registers each timer, so that {@link page.elapse} can fire it. */
const watchTimers = (set: 'setTimeout' | 'setInterval', clear: 'clearTimeout' | 'clearInterval'): void => {
  const setOriginal = globalThis[set].bind(globalThis) as (callback: () => void, delay?: number) => number;
  const clearOriginal = globalThis[clear].bind(globalThis);
  const watched = (callback: (...args: unknown[]) => void, delay = 0, ...args: unknown[]): number => {
    const repeats = set === 'setInterval';
    const fire = (): void => {
      if (repeats) {
        timers.set(id, {due: performance.now() + delay, fire});
      } else {
        timers.delete(id);
        clearOriginal(id);
      }
      callback(...args);
    };
    const id = setOriginal(fire, delay);
    timers.set(id, {due: performance.now() + delay, fire});
    return id;
  };
  const unwatch = (id?: number): void => {
    timers.delete(Number(id));
    clearOriginal(id);
  };
  Object.assign(globalThis, {[set]: watched, [clear]: unwatch});
};

watchTimers('setTimeout', 'clearTimeout');
watchTimers('setInterval', 'clearInterval');

/** The globals of the pages of tests. */
const page = {
  holdfast,

  /** Fetches a URL completely. */
  load: async (url: string, init?: RequestInit) => {
    const response = await fetch(url, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return {
      status: response.status,
      url: response.url,
      type: response.type,
      redirected: response.redirected,
      headers: Object.fromEntries(response.headers),
      size: bytes.length,
      sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    };
  },

  /** Imports a module of another host. (An `import()` in a test would be that of the test runner.) */
  // biome-ignore lint/suspicious/noExplicitAny: modules of other hosts have no types here.
  importModule: (url: string): Promise<any> => import(url),

  /** Returns the keys of each cache, while no switch is in progress: to open a deleted cache creates it again. */
  stored: () =>
    navigator.locks.request('holdfast-releases', {mode: 'shared'}, async () => {
      const found: Record<string, string[]> = {};
      for (const name of await caches.keys()) {
        found[name] = (await (await caches.open(name)).keys()).map(({url}) => url);
        // Pieces of a large file are stored and deleted without that lock. An empty cache may come from this look.
        if (name.startsWith('holdfast-pieces ') && found[name].length === 0) {
          delete found[name];
        }
      }
      return found;
    }),

  /** Fires the timers of the page that are due within some milliseconds, in order, without the wait. */
  elapse: (milliseconds: number): void => {
    const until = performance.now() + milliseconds;
    for (const [id, {due, fire}] of [...timers].sort(([, one], [, other]) => one.due - other.due)) {
      if (due <= until && timers.has(id)) {
        fire();
      }
    }
  },

  /** What workers have reported since the page was loaded. */
  events: [] as {type: string; payload: Record<string, unknown>}[],
};

new BroadcastChannel('holdfast').addEventListener('message', ({data}) => page.events.push(data));

Object.assign(globalThis, page);

export type PageGlobals = typeof page;
