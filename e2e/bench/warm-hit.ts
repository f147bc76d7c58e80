// How long does a page wait for an asset that is stored? Measured with one release in the caches, and with a
// hundred in a second browser: caches belong to the origin, so all peers have them. `none` is a page without
// a worker, and the HTTP cache. `budget-…` is ours with a ledger and a budget, against the same peers.
import type {Page} from 'playwright';
import {bundle} from '../harness/bundle.ts';
import {type Browser, openBrowser} from '../harness/openBrowser.ts';
import {startOrigins} from '../origins/startOrigins.ts';
import {compare, printTable} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const ROUNDS = rounds(20);
const FETCHES = 25;
/** The folder of each peer's page. `none` has no worker in it. */
const PEERS = {
  holdfast: 'holdfast',
  'holdfast with a budget': 'holdfast-budget',
  none: 'none',
  'hand-written': 'handwritten',
  workbox: 'workbox',
  'workbox+expiration': 'expiration',
} as const;
type Peer = keyof typeof PEERS;
const NAMES = Object.keys(PEERS) as Peer[];

const origins = await startOrigins({mode: 'names', say: () => undefined});
const {app, jsdelivr} = origins.origin;
/** 119 kB of JSON. */
const asset = `${jsdelivr}/pyodide/v314.0.7/full/pyodide-lock.json`;

for (const folder of Object.values(PEERS)) {
  origins.app.set(`/${folder}/index.html`, `<!doctype html><title>${folder}</title>`);
  if (folder !== 'none') {
    origins.app.set(`/${folder}/worker.js`, await bundle(`../bench/workers/${folder}.ts`));
  }
}

/** Opens a page that the worker of a peer controls, and stores the asset. */
const openPage = async (browser: Browser, peer: Peer): Promise<Page> => {
  const page = await browser.context.newPage();
  await page.goto(`${app}/${PEERS[peer]}/`);
  await page.evaluate(
    async ([hasWorker, url]) => {
      if (hasWorker) {
        const controlled = new Promise((resolve) => {
          navigator.serviceWorker.addEventListener('controllerchange', resolve);
        });
        await navigator.serviceWorker.register('worker.js');
        await controlled;
      }
      await (await fetch(url)).arrayBuffer();
      while (hasWorker && !(await caches.match(url))) {
        await (await fetch(url)).arrayBuffer();
      }
    },
    [peer !== 'none', asset] as const,
  );
  return page;
};

/** Returns the milliseconds of each fetch, to the last byte. */
const measure = (page: Page): Promise<number[]> =>
  page.evaluate(
    async ([url, count]) => {
      const times: number[] = [];
      for (let run = 0; run < count; run++) {
        const start = performance.now();
        await (await fetch(url)).arrayBuffer();
        times.push(performance.now() - start);
      }
      return times;
    },
    [asset, FETCHES] as const,
  );

const addReleases = (page: Page, count: number): Promise<void> =>
  page.evaluate(async (releases) => {
    for (let release = 1; release < releases; release++) {
      const cache = await caches.open(`pyodide-0.0.${release}`);
      await cache.put(
        `https://cdn.jsdelivr.net/pyodide/v0.0.${release}/full/pyodide.mjs`,
        new Response('old'),
      );
    }
  }, count);

const SCENARIOS = {'one-release': 1, 'hundred-releases': 100} as const;
type Scenario = keyof typeof SCENARIOS;

const stages = await Promise.all(
  (Object.keys(SCENARIOS) as Scenario[]).map(async (scenario) => {
    const browser = await openBrowser(origins.chromiumArgs);
    const pages = new Map<Peer, Page>();
    for (const name of NAMES) {
      pages.set(name, await openPage(browser, name));
    }
    const page = pages.get('none');
    if (page) {
      await addReleases(page, SCENARIOS[scenario]);
    }
    return {scenario, browser, pages, times: new Map<Peer, number[]>(NAMES.map((name) => [name, []]))};
  }),
);

origins.log.clear();
for (let run = -2; run < ROUNDS; run++) {
  for (const name of NAMES) {
    for (const {pages, times} of stages) {
      const page = pages.get(name);
      const measured = page ? await measure(page) : [];
      // The first two rounds only warm up.
      if (run >= 0) {
        times.get(name)?.push(...measured);
      }
    }
  }
}
const requests = origins.log.requests({to: 'jsdelivr'}).length;
if (requests > 0) {
  throw new Error(`All fetches must be warm hits, but the CDN got ${requests} requests.`);
}

const OURS = {'': 'holdfast', 'budget-': 'holdfast with a budget'} as const;
const figures = Object.fromEntries(
  stages.flatMap(({scenario, times}) =>
    Object.entries(OURS).map(([prefix, ours]) => {
      const peers = NAMES.filter((name) => !name.startsWith('holdfast'));
      const measured = peers.map((name) => [name, times.get(name) ?? []]);
      const all = {holdfast: times.get(ours) ?? [], ...Object.fromEntries(measured)};
      return [prefix + scenario, compare('ms', all)] as const;
    }),
  ),
);
for (const {browser} of stages) {
  await browser.close();
}
await origins.close();

printTable(
  `A warm hit of 119 kB, median of ${ROUNDS * FETCHES} fetches in ${ROUNDS} interleaved rounds`,
  figures,
);
console.log(JSON.stringify({bench: 'warm-hit', runs: ROUNDS, figures}));
