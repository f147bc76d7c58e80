// What does it cost to fetch a large file that is not stored yet? `time` and `time-1gbit` are the time until
// the page has the last byte, from a host at full speed and from one behind 1 Gbit/s. `memory` is the peak
// until the file is stored: the page reads a stream and keeps nothing, so all of it is used on the way.
// `stored` is the time until the file is an ordinary entry and on the disk, from a host at full speed: ours
// joins its pieces after the page has it.
import {type Browser, openBrowser} from '../harness/openBrowser.ts';
import {deleteAll, fetchInPage, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {type Measured, NAMES, nothingYet, type Way, WORKERS} from './large-file/ways.ts';
import {CAN_MEASURE_MEMORY, peakMemory} from './memory/peakMemory.ts';
import {compare, type Figure, printTable} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const MEGABYTES = 512;
const ROUNDS = rounds(5);
const GIGABIT = {kind: 'slow', bytesPerSecond: 125_000_000} as const;

const {origins, bytes, urlOf, openPage} = await serveLargeFile(MEGABYTES, WORKERS);
const size = bytes.byteLength;

/** Returns the milliseconds until the page has the file, and until it is stored; `undefined` if nothing stores it. */
const timeOne = async (browser: Browser, way: Way): Promise<{page: number; stored: number | undefined}> => {
  const page = await openPage(browser, way);
  const toPage = await fetchInPage(page, urlOf(way), size);
  const stored = WORKERS[way] ? toPage + (await whenStored(page, urlOf(way))) : undefined;
  await deleteAll(page);
  await page.close();
  return {page: toPage, stored};
};

const measureTimes = async (): Promise<{page: Measured; stored: Measured}> => {
  const times = {page: nothingYet(), stored: nothingYet()};
  const browser = await openBrowser(origins.chromiumArgs);
  for (let run = -1; run < ROUNDS; run++) {
    for (const name of NAMES) {
      const {page, stored} = await timeOne(browser, name);
      // The first round only warms up.
      if (run >= 0) {
        times.page[name].push(page);
        times.stored[name].push(...(stored === undefined ? [] : [stored]));
      }
    }
  }
  await browser.close();
  return times;
};

/** Returns the megabytes above the idle browser. Each time it is a new browser, which holds nothing of the others. */
const measureMemory = async (): Promise<Measured> => {
  const peaks = nothingYet();
  for (let run = 0; run < ROUNDS; run++) {
    for (const name of NAMES) {
      const browser = await openBrowser(origins.chromiumArgs);
      const page = await openPage(browser, name);
      const peak = await peakMemory(async () => {
        await fetchInPage(page, urlOf(name), size);
        await (WORKERS[name] && whenStored(page, urlOf(name)));
      });
      peaks[name].push(peak / 1e6);
      await browser.close();
    }
  }
  return peaks;
};

const fullSpeed = await measureTimes();
const release = origins.fault({...GIGABIT, match: '/large.bin'});
const gigabit = await measureTimes();
release();
const memory = CAN_MEASURE_MEMORY ? await measureMemory() : undefined;
await origins.close();

const {none: _, ...stored} = fullSpeed.stored;
const figures: Record<string, Figure> = {
  time: compare('ms', fullSpeed.page),
  'time-1gbit': compare('ms', gigabit.page),
  stored: compare('ms', stored),
  ...(memory ? {memory: compare('MB', memory)} : {}),
};

printTable(`A file of ${MEGABYTES} MB that is not stored, median of ${ROUNDS} interleaved rounds`, figures);
console.log(JSON.stringify({bench: 'large-cold', runs: ROUNDS, figures}));
