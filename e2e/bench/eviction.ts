// How long does it take to store one more small file, with 10, 1,000 and 10,000 files in storage? Until its entry is in
// the cache: in `store-…` there is room for it, and in `evict-…` another file has to go. Each number of files has a browser
// of its own, since both peers keep account of all files of an origin together.
import {setTimeout} from 'node:timers/promises';
import type {Page} from 'playwright';
import {bundle} from '../harness/bundle.ts';
import {type Browser, openBrowser} from '../harness/openBrowser.ts';
import {startOrigins} from '../origins/startOrigins.ts';
import {compare, type Figure, printTable} from './report/report.ts';
import {rounds} from './report/rounds.ts';

/** Files in storage → rounds. With many files, `ExpirationPlugin` takes seconds for one. */
const ROUNDS = {10: rounds(9), 1000: rounds(5), 10000: rounds(2)} as const;
const WARM_UPS = 1;
/** How often each stores a file in a round. */
const TIMES = {holdfast: 5, 'workbox+expiration': 1} as const;
const PEERS = {holdfast: 'holdfast', 'workbox+expiration': 'expiration'} as const;
type Count = keyof typeof ROUNDS;
const COUNTS = Object.keys(ROUNDS).map(Number) as Count[];
type Peer = keyof typeof PEERS;
const NAMES = Object.keys(PEERS) as Peer[];
/** More than all rounds store. */
const ROOM = 1_000_000;

const origins = await startOrigins({mode: 'names', say: () => undefined});
const {app} = origins.origin;
const script = await bundle('../bench/workers/small-files.ts');
for (const name of Object.values(PEERS)) {
  for (const kind of ['store', 'evict']) {
    origins.app.set(`/${name}-${kind}/index.html`, `<!doctype html><title>${name}</title>`);
    origins.app.set(`/${name}-${kind}/worker.js`, script);
  }
}
origins.app.set('/small/file.bin', new Uint8Array(1024));

const openPage = async (browser: Browser, peer: Peer, kind: string, maxEntries: number): Promise<Page> => {
  const page = await browser.context.newPage();
  await page.goto(`${app}/${PEERS[peer]}-${kind}/`);
  await page.evaluate(async (url) => {
    const controlled = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve);
    });
    await navigator.serviceWorker.register(url);
    await controlled;
  }, `worker.js?peer=${PEERS[peer]}&maxEntries=${maxEntries}`);
  return page;
};

/** Stores a file. Returns the milliseconds until its entry is in the cache. */
const storeOne = (page: Page, peer: Peer, name: string): Promise<number> =>
  page.evaluate(
    async ([url, cacheName]) => {
      const start = performance.now();
      await (await fetch(url)).arrayBuffer();
      while (!(await caches.match(url, {cacheName}))) {
        // To ask all the time would slow both down.
        await new Promise((resolve) => globalThis.setTimeout(resolve, 1));
      }
      return performance.now() - start;
    },
    [`/small/file.bin?${name}`, PEERS[peer]] as const,
  );

/** Fills a cache with files, and has a peer know them as if it had stored them: that takes a moment, not minutes. */
const fill = async (page: Page, peer: Peer, kind: string, count: number): Promise<void> => {
  await storeOne(page, peer, `first-${kind}`);
  // What is noted of it is written a little later.
  await setTimeout(500);
  await page.evaluate(
    async ([cacheName, files]) => {
      const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
      const urls = Array.from({length: files - 1}, (_, index) => `${origin}/small/file.bin?old-${index}`);
      const cache = await caches.open(cacheName);
      for (let at = 0; at < urls.length; at += 100) {
        const puts = urls
          .slice(at, at + 100)
          .map((url) => cache.put(url, new Response(new Uint8Array(1024))));
        await Promise.all(puts);
      }
      const isOurs = cacheName === 'holdfast';
      const {scope} = (await navigator.serviceWorker.getRegistration()) ?? {};
      const name = isOurs ? `holdfast-storage ${scope}` : 'workbox-expiration';
      const database = await settled(indexedDB.open(name));
      const [storeName = ''] = database.objectStoreNames;
      const transaction = database.transaction(storeName, 'readwrite');
      const records = transaction.objectStore(storeName);
      const [known] = (await settled(records.getAll())).filter((record) => record.cacheName === cacheName);
      urls.forEach((url, index) => {
        const time = Date.now() - files + index;
        if (isOurs) {
          records.put(
            {...known, key: url, storedAt: time, usedAt: time, isPending: false},
            `${cacheName} ${url}`,
          );
        } else {
          records.put({...known, url, timestamp: time, id: `${cacheName}|${url}`});
        }
      });
      if (isOurs) {
        // The worker notices that another one has changed the ledger.
        const state = await settled(records.get(''));
        records.put({...state, changes: state.changes + 1, rebuiltAt: Date.now()}, '');
      }
      await new Promise((resolve) => transaction.addEventListener('complete', resolve));
      database.close();
    },
    [PEERS[peer], count] as const,
  );
};

const measureAll = async (
  browser: Browser,
  kind: 'store' | 'evict',
  count: Count,
): Promise<Record<Peer, number[]>> => {
  const maxEntries = kind === 'store' ? ROOM : count;
  const times: Record<Peer, number[]> = {holdfast: [], 'workbox+expiration': []};
  const pages = {
    holdfast: await openPage(browser, 'holdfast', kind, maxEntries),
    'workbox+expiration': await openPage(browser, 'workbox+expiration', kind, maxEntries),
  };
  await Promise.all(NAMES.map((peer) => fill(pages[peer], peer, kind, count)));
  for (let run = -WARM_UPS; run < ROUNDS[count]; run++) {
    for (const peer of NAMES) {
      for (let time = 0; time < TIMES[peer]; time++) {
        const measured = await storeOne(pages[peer], peer, `${kind}-${run}-${time}`);
        if (run >= 0) {
          times[peer].push(measured);
        }
        // What each does afterwards must not disturb the other one. `ExpirationPlugin` reads all of its records.
        await setTimeout(peer === 'holdfast' ? 50 : 100 + count / 10);
      }
    }
  }
  for (const page of Object.values(pages)) {
    await page.close();
  }
  return times;
};

const figures: Record<string, Figure> = {};
for (const count of COUNTS) {
  const browser = await openBrowser(origins.chromiumArgs);
  for (const kind of ['store', 'evict'] as const) {
    figures[`${kind}-${count}`] = compare('ms', await measureAll(browser, kind, count));
  }
  await browser.close();
}
await origins.close();

printTable('One more small file, median of interleaved rounds', figures);
console.log(JSON.stringify({bench: 'eviction', runs: ROUNDS[10], figures}));
