// What does it cost to read 100 bytes of a large file that is stored? `time` is that of one request, and
// `memory` is that of a second of requests, each for another part of the file. `none` is a page without a
// worker, which fetches from the host on the same machine.
import type {Page} from 'playwright';
import {openBrowser} from '../harness/openBrowser.ts';
import {fetchInPage, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {CAN_MEASURE_MEMORY, peakMemory} from './memory/peakMemory.ts';
import {compare, type Figure, printTable} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const MEGABYTES = 512;
const ROUNDS = rounds(5);
const REQUESTS = 5;
const BYTES = 100;
/** A shorter time would hide the memory that is used. */
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
/** Spread over the file, in no order. */
const OFFSETS = Array.from({length: REQUESTS}, (_, index) =>
  Math.floor((((index * 3) % REQUESTS) / REQUESTS) * size),
);

/** Returns the milliseconds of each request. They are sent one after the other. */
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
        `${way}: the range at ${offset} must be answered with 206 and ${BYTES} right bytes, but got ${answer.status} ` +
          `and ${answer.bytes.length} bytes.`,
      );
    }
  }
  return answers.map(({milliseconds}) => milliseconds);
};

const measureForASecond = async (page: Page, way: Way): Promise<void> => {
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
  await fetchInPage(page, urlOf(name), size);
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
    // What is stored stays. What is in memory does not.
    await browser.restart();
    const page = await openPage(browser, name);
    peaks[name].push((await peakMemory(() => measureForASecond(page, name))) / 1e6);
  }
}
await browser.close();

const requests = origins.log.requests({path: /large\.bin$/}).filter(({url}) => url !== urlOf('none')).length;
await origins.close();
if (requests > 0) {
  throw new Error(`All ranges must come from the cache, but the host got ${requests} requests.`);
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
