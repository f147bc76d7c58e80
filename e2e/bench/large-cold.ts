// What does it cost to fetch a large file that is not stored yet? Until the page has the last byte of it, with a host at
// full speed and with one behind 1 Gbit/s, and in memory, until all is stored. The page reads it as a stream and keeps
// nothing, so whatever memory is taken is taken on the way. `stored` is the time until the file is an ordinary entry and on
// the disk, with the host at full speed: ours puts it together after the page has it.
import {type Browser, openBrowser} from '../harness/openBrowser.ts';
import {download, forget, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {type Measured, NAMES, nothingYet, type Way, WORKERS} from './large-file/ways.ts';
import {CAN_MEASURE_MEMORY, peakMemory} from './memory/peakMemory.ts';
import {compare, type Figure, printTable} from './report/report.ts';

const MEGABYTES = 512;
const ROUNDS = 5;
const GIGABIT = {kind: 'slow', bytesPerSecond: 125_000_000} as const;

const {origins, bytes, urlOf, openPage} = await serveLargeFile(MEGABYTES, WORKERS);
const size = bytes.byteLength;

/** Milliseconds until the page has the file, and until it is stored: `undefined` where nothing stores it. */
const timeOne = async (browser: Browser, way: Way): Promise<{page: number; stored: number | undefined}> => {
  const page = await openPage(browser, way);
  const toPage = await download(page, urlOf(way), size);
  const stored = WORKERS[way] ? toPage + (await whenStored(page, urlOf(way))) : undefined;
  await forget(page);
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

/** Megabytes over the idle browser. Each time it is a new one, which holds nothing of those before. */
const measureMemory = async (): Promise<Measured> => {
  const peaks = nothingYet();
  for (let run = 0; run < ROUNDS; run++) {
    for (const name of NAMES) {
      const browser = await openBrowser(origins.chromiumArgs);
      const page = await openPage(browser, name);
      const peak = await peakMemory(async () => {
        await download(page, urlOf(name), size);
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
