import * as holdfast from '@holdfast/window';

/** What a test's page can do: the package for pages, and a fetch that tells all about its answer. */
const page = {
  holdfast,

  /** Fetches a URL to its last byte. */
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

  /** Imports a module of another host. (An `import()` in a test would be the test runner's.) */
  // biome-ignore lint/suspicious/noExplicitAny: modules of other hosts have no types here.
  importModule: (url: string): Promise<any> => import(url),

  /** The keys in each cache of the origin, while nothing is switched: to open a deleted cache is to make it anew. */
  stored: () =>
    navigator.locks.request('holdfast-version-scope', {mode: 'shared'}, async () => {
      const found: Record<string, string[]> = {};
      for (const name of await caches.keys()) {
        found[name] = (await (await caches.open(name)).keys()).map(({url}) => url);
        // The pieces of a large file come and go without that lock. Where there is nothing, this look may have made it.
        if (name.startsWith('holdfast-large-files ') && found[name].length === 0) {
          delete found[name];
        }
      }
      return found;
    }),

  /** What workers have told since the page was loaded. */
  events: [] as {type: string; payload: Record<string, unknown>}[],
};

new BroadcastChannel('holdfast').addEventListener('message', ({data}) => page.events.push(data));

Object.assign(globalThis, page);

export type PageGlobals = typeof page;
