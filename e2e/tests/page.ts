import * as holdfast from '@holdfast/window';

/** What the pages of tests have: `@holdfast/window`, a fetch that describes its response, and the events of workers. */
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

  /** What workers have reported since the page was loaded. */
  events: [] as {type: string; payload: Record<string, unknown>}[],
};

new BroadcastChannel('holdfast').addEventListener('message', ({data}) => page.events.push(data));

Object.assign(globalThis, page);

export type PageGlobals = typeof page;
