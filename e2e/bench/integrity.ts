// What does it cost to check a large file while it arrives? Each time it is fetched from the network: by a
// page without a worker, through Workbox's plain CacheFirst, and through our plugins, without a digest and in
// both modes with one. A figure is the time until the page has the last byte, or until the file is stored.
import {createHash} from 'node:crypto';
import type {Page} from 'playwright';
import {bundle} from '../harness/bundle.ts';
import {openBrowser} from '../harness/openBrowser.ts';
import {seededBytes} from '../origins/content/seededBytes.ts';
import {startOrigins} from '../origins/startOrigins.ts';
import {ANY_PORTS} from '../origins/testing/anyPorts.ts';
import {median, printTable, round} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const MEGABYTES = 256;
const ROUNDS = rounds(5);

const WAYS = ['while-storing', 'before-serving', 'without-digest', 'workbox', 'none'] as const;
type Way = (typeof WAYS)[number];
/** Ours, each with the peers that do the same work except for the check. */
const FIGURES = {
  'to-page': {ours: 'while-storing', peers: ['without-digest', 'workbox', 'none'], until: 'page'},
  'to-page-before-serving': {
    ours: 'before-serving',
    peers: ['without-digest', 'workbox', 'none'],
    until: 'page',
  },
  stored: {ours: 'while-storing', peers: ['without-digest', 'workbox'], until: 'stored'},
  'stored-before-serving': {ours: 'before-serving', peers: ['without-digest', 'workbox'], until: 'stored'},
} as const;

// Without TLS, which costs more than what is measured.
const origins = await startOrigins({mode: 'localhost', ports: ANY_PORTS, say: () => undefined});
const {app} = origins.origin;

const file = seededBytes('integrity', MEGABYTES * 1024 * 1024);
// On another origin than the page, as such files are.
const url = `${app.replace('localhost', '127.0.0.1')}/v1/large.bin`;
origins.app.set('/v1/large.bin', file, {'access-control-allow-origin': '*', 'cache-control': 'no-cache'});
const digest = {algorithm: 'sha256', hex: createHash('sha256').update(file).digest('hex')};
const assets = JSON.stringify([{url, size: file.byteLength, digest}]);

const holdfast = await bundle('../bench/workers/integrity.ts');
const workbox = await bundle('../bench/workers/workbox.ts');
for (const way of WAYS) {
  origins.app.set(`/${way}/index.html`, `<!doctype html><title>${way}</title>`);
  origins.app.set(`/${way}/worker.js`, way === 'workbox' ? workbox : holdfast);
}

/** The script of each way's worker, and its options. */
const SCRIPTS: Record<Way, string | undefined> = {
  'while-storing': `worker.js?${new URLSearchParams({assets, mode: 'while-storing'})}`,
  'before-serving': `worker.js?${new URLSearchParams({assets, mode: 'before-serving'})}`,
  'without-digest': 'worker.js',
  workbox: 'worker.js',
  none: undefined,
};

const browser = await openBrowser(origins.chromiumArgs);

const openPage = async (way: Way): Promise<Page> => {
  const page = await browser.context.newPage();
  await page.goto(`${app}/${way}/`);
  await page.evaluate(async (script) => {
    if (script) {
      const controlled = new Promise((resolve) => {
        navigator.serviceWorker.addEventListener('controllerchange', resolve);
      });
      await navigator.serviceWorker.register(script);
      await controlled;
    }
  }, SCRIPTS[way]);
  return page;
};

/** Returns the milliseconds until the page has read the file, and until it is stored. */
const measure = (page: Page, isStored: boolean): Promise<{page: number; stored: number}> =>
  page.evaluate(
    async ([asset, size, awaitsStore]) => {
      for (const name of await caches.keys()) {
        await caches.delete(name);
      }
      const start = performance.now();
      const {body} = await fetch(asset);
      let read = 0;
      await body?.pipeTo(
        new WritableStream({
          write: ({byteLength}) => {
            read += byteLength;
          },
        }),
      );
      if (read !== size) {
        throw new Error(`The page got ${read} bytes of ${size}.`);
      }
      const page = performance.now() - start;
      while (awaitsStore && !(await caches.match(asset))) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return {page, stored: performance.now() - start};
    },
    [url, file.byteLength, isStored] as const,
  );

const pages = new Map<Way, Page>();
for (const way of WAYS) {
  pages.set(way, await openPage(way));
}
const times = {
  page: new Map<Way, number[]>(WAYS.map((way) => [way, []])),
  stored: new Map<Way, number[]>(WAYS.map((way) => [way, []])),
};
for (let run = -1; run < ROUNDS; run++) {
  for (const [way, page] of pages) {
    const measured = await measure(page, way !== 'none');
    // The first round only warms up.
    if (run >= 0) {
      times.page.get(way)?.push(measured.page);
      times.stored.get(way)?.push(measured.stored);
    }
  }
}
await browser.close();
await origins.close();

const figures = Object.fromEntries(
  Object.entries(FIGURES).map(([name, {ours, peers, until}]) => {
    const milliseconds = (way: Way): number => median(times[until].get(way) ?? []);
    return [
      name,
      {
        unit: 'ms',
        median: Object.fromEntries([
          ['holdfast', Math.round(milliseconds(ours))],
          ...peers.map((way) => [way, Math.round(milliseconds(way))] as const),
        ]),
        ratio: Object.fromEntries(peers.map((way) => [way, round(milliseconds(ours) / milliseconds(way))])),
      },
    ];
  }),
);

printTable(`A file of ${MEGABYTES} MB that is not stored, median of ${ROUNDS} interleaved rounds`, figures);
console.log(JSON.stringify({bench: 'integrity', runs: ROUNDS, figures}));
