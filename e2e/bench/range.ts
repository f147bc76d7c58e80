// What do 100 bytes of a large file cost that is stored? The time of one request, and the memory of a second of them, each
// for another place of the file. `none` is a page without a worker, which asks the host on the same machine.
import type {Page} from 'playwright';
import {openBrowser} from '../harness/openBrowser.ts';
import {download, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {CAN_MEASURE_MEMORY, peakMemory} from './memory/peakMemory.ts';
import {compare, type Figure, printTable} from './report/report.ts';

const MEGABYTES = 512;
const ROUNDS = 5;
const REQUESTS = 5;
const BYTES = 100;
/** Shorter, and nobody would see what memory was taken. */
const MEMORY_MS = 1000;

const WORKERS = {
  holdfast: 'large-files',
  none: undefined,
  'hand-written': 'handwritten-range',
  'workbox+range': 'range',
  serwist: 'serwist',
} as const;
type Way = keyof typeof WORKERS;
const NAMES = Object.keys(WORKERS) as Way[];
type Measured = Record<Way, number[]>;

const {origins, bytes, urlOf, openPage} = await serveLargeFile(MEGABYTES, WORKERS);
const size = bytes.byteLength;
/** All over the file, in no order. */
const OFFSETS = Array.from({length: REQUESTS}, (_, index) =>
  Math.floor((((index * 3) % REQUESTS) / REQUESTS) * size),
);

/** Milliseconds of each of the requests, one after the other. */
const measure = async (page: Page, way: Way): Promise<number[]> => {
  const answers = await page.evaluate(
    async ([url, offsets, count]) => {
      const found: {status: number; bytes: number[]; milliseconds: number}[] = [];
      for (const offset of offsets) {
        const start = performance.now();
        const response = await fetch(url, {headers: {range: `bytes=${offset}-${offset + count - 1}`}});
        const part = new Uint8Array(await response.arrayBuffer());
        const milliseconds = performance.now() - start;
        found.push({status: response.status, bytes: [...part], milliseconds});
      }
      return found;
    },
    [urlOf(way), OFFSETS, BYTES] as const,
  );
  for (const [index, answer] of answers.entries()) {
    const offset = OFFSETS[index] ?? Number.NaN;
    if (answer.status !== 206 || bytes.subarray(offset, offset + BYTES).join() !== answer.bytes.join()) {
      throw new Error(
        `${way} answered the range at ${offset} with ${answer.status} and ${answer.bytes.length} bytes.`,
      );
    }
  }
  return answers.map(({milliseconds}) => milliseconds);
};

const measureForLong = async (page: Page, way: Way): Promise<void> => {
  const start = performance.now();
  do {
    await measure(page, way);
  } while (performance.now() - start < MEMORY_MS);
};

const browser = await openBrowser(origins.chromiumArgs);
const times: Measured = {holdfast: [], none: [], 'hand-written': [], 'workbox+range': [], serwist: []};
const peaks: Measured = {holdfast: [], none: [], 'hand-written': [], 'workbox+range': [], serwist: []};

const pages = new Map<Way, Page>();
for (const name of NAMES) {
  const page = await openPage(browser, name);
  pages.set(name, page);
  await download(page, urlOf(name), size);
  await (WORKERS[name] && whenStored(page, urlOf(name)));
}
origins.log.clear();
for (let run = -1; run < ROUNDS; run++) {
  for (const [name, page] of pages) {
    const measured = await measure(page, name);
    // The first round only warms up.
    if (run >= 0) {
      times[name].push(...measured);
    }
  }
}
for (let run = 0; CAN_MEASURE_MEMORY && run < ROUNDS; run++) {
  for (const name of NAMES) {
    // What is stored stays, what is in memory does not.
    await browser.restart();
    const page = await openPage(browser, name);
    peaks[name].push((await peakMemory(() => measureForLong(page, name))) / 1e6);
  }
}
await browser.close();

const asked = origins.log.requests({path: /large\.bin$/}).filter(({url}) => url !== urlOf('none')).length;
await origins.close();
if (asked > 0) {
  throw new Error(`These were no stored ranges: the host was asked ${asked} times.`);
}

const figures: Record<string, Figure> = {
  time: compare('ms', times),
  ...(CAN_MEASURE_MEMORY ? {memory: compare('MB', peaks)} : {}),
};
printTable(
  `${BYTES} bytes of a stored file of ${MEGABYTES} MB, median of ${ROUNDS} interleaved rounds`,
  figures,
);
console.log(JSON.stringify({bench: 'range', runs: ROUNDS, figures}));
