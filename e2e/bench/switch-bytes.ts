// What does it cost to switch from one release of the Hub's 61 MB line to the next? Two of its four files change.
//
// `bytes` are the bytes of files that the hosts send, from the origins' log: for the stage, the switch, and
// the page that is loaded next. Redirects are not counted, and ours gets its manifest of 1 kB from the bench.
// The floor is `changed`: the files of the new release that the old one does not have, by digest.
//
// `first-usable` is the time from the call that switches until the page is reloaded and has read every file
// of the new release. Ours has staged it before that call, while the old one was in use. The hand-written
// worker cannot do so: it downloads when the page asks, and verifies nothing. `first-usable-staged-included`
// starts with our stage, so that no work is hidden. The hosts are on the same machine, without a speed limit:
// there, a digest costs more than a download.
import type {Page} from 'playwright';
import {openStage} from '../harness/openStage.ts';
import {median, printTable, round} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const ROUNDS = rounds(9);
const NAME = 'mailwoman-assets';
const LOCALE = 'en-us';
const [OLD, NEW] = ['v0.6.0', 'v0.7.0'];

const stage = await openStage(['staged', 'handwritten']);
const {browser, origins} = stage;

const filesOf = (version: string) =>
  stage.release(LOCALE, version).files.map(({path, size, sha256}) => ({
    url: stage.assetUrl(path),
    size,
    sha256,
  }));

/** How a page switches to a version. */
interface Way {
  /** The worker's script. */
  worker: string;
  /** Does what is possible before the switch. */
  prepare(page: Page, version: string): Promise<unknown>;
  switchTo(page: Page, version: string): Promise<unknown>;
}

const WAYS = {
  holdfast: {
    worker: 'staged',
    prepare: (page, version) => {
      const assets = filesOf(version).map(({url, size, sha256}) => ({
        url,
        size,
        digest: {algorithm: 'sha256' as const, hex: sha256},
      }));
      return page.evaluate(
        ([name, locale, to, manifest]) => holdfast.line(name, {locale}).stage(to, {manifest}),
        [NAME, LOCALE, version, {assets}] as const,
      );
    },
    switchTo: (page, version) =>
      page.evaluate(([name, locale, to]) => holdfast.line(name, {locale}).switchTo(to), [
        NAME,
        LOCALE,
        version,
      ] as const),
  },
  'hand-written': {
    worker: 'handwritten',
    prepare: async () => undefined,
    switchTo: (page, version) =>
      page.evaluate(
        (name) =>
          new Promise((resolve) => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = resolve;
            navigator.serviceWorker.controller?.postMessage({type: 'SWITCH', version: name}, [port2]);
          }),
        version,
      ),
  },
} satisfies Record<string, Way>;
type WayName = keyof typeof WAYS;
const NAMES = Object.keys(WAYS) as WayName[];

/** Reads every file to its last byte, all at the same time. */
const readAll = (page: Page, version: string): Promise<unknown> =>
  page.evaluate(
    (files) =>
      Promise.all(
        files.map(async ({url, size}) => {
          const {byteLength} = await (await fetch(url)).arrayBuffer();
          if (byteLength !== size) {
            throw new Error(`The page got ${byteLength} bytes of ${url}, not ${size}.`);
          }
        }),
      ),
    filesOf(version),
  );

const whenStored = (page: Page, version: string): Promise<unknown> =>
  page.evaluate(
    async ([files, cacheName]) => {
      for (const {url} of files) {
        while (!(await caches.match(url, {cacheName, ignoreVary: true}))) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    },
    [filesOf(version), `${NAME}-${LOCALE}-${version}`] as const,
  );

interface Measured {
  bytes: number;
  /** Milliseconds. */
  firstUsable: number;
  firstUsableStagedIncluded: number;
}

const measure = async ({worker, prepare, switchTo}: Way): Promise<Measured> => {
  await stage.reset();
  const page = await stage.openControlledPage(worker);
  await prepare(page, OLD);
  await switchTo(page, OLD);
  await readAll(page, OLD);
  await whenStored(page, OLD);
  await browser.clearHttpCache();
  await origins.log.settled();
  origins.log.clear();

  const start = performance.now();
  await prepare(page, NEW);
  const prepared = performance.now();
  await switchTo(page, NEW);
  await page.reload();
  await readAll(page, NEW);
  const usable = performance.now();

  await origins.log.settled();
  const files = origins.log.requests().filter(({to, status}) => to !== 'app' && status === 200);
  return {
    bytes: files.reduce((sum, {bytesSent}) => sum + bytesSent, 0),
    firstUsable: usable - prepared,
    firstUsableStagedIncluded: usable - start,
  };
};

const measured = new Map<WayName, Measured[]>(NAMES.map((name) => [name, []]));
for (let run = -1; run < ROUNDS; run++) {
  for (const name of NAMES) {
    const one = await measure(WAYS[name]);
    // The first round only warms up.
    if (run >= 0) {
      measured.get(name)?.push(one);
    }
  }
}
await stage.close();

const shared = new Set(filesOf(OLD).map(({sha256}) => sha256));
const changed = filesOf(NEW)
  .filter(({sha256}) => !shared.has(sha256))
  .reduce((sum, {size}) => sum + size, 0);

const figure = (unit: string, what: keyof Measured, floor: Record<string, number> = {}) => {
  const of = (name: WayName): number =>
    Math.round(median((measured.get(name) ?? []).map((one) => one[what])));
  const ours = of('holdfast');
  const theirs = {...floor, 'hand-written': of('hand-written')};
  return {
    unit,
    median: {holdfast: ours, ...theirs},
    ratio: Object.fromEntries(Object.entries(theirs).map(([name, value]) => [name, round(ours / value)])),
  };
};

const figures = {
  bytes: figure('bytes', 'bytes', {changed}),
  'first-usable': figure('ms', 'firstUsable'),
  'first-usable-staged-included': figure('ms', 'firstUsableStagedIncluded'),
};

printTable(`A switch from one release of 61 MB to the next, median of ${ROUNDS} interleaved rounds`, figures);
console.log(JSON.stringify({bench: 'switch-bytes', runs: ROUNDS, figures}));
