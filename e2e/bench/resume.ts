// How many bytes of a large file are downloaded twice when something fails at 90 % of it? `connection-cut`:
// the host's connection breaks. `worker-killed`: the browser ends the worker, as it may at any moment. A page
// whose fetch has failed fetches again, until it has the complete file. `holdfast-download` calls download()
// of @holdfast/window instead: the worker stores the file, and the page reads none of it.
import type {Page} from 'playwright';
import {openBrowser} from '../harness/openBrowser.ts';
import {deleteAll, fetchInPage, whenPiecesStored, whenRead, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {WORKERS as FETCHING} from './large-file/ways.ts';
import {compare, printTable} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const MEGABYTES = 128;
const ROUNDS = rounds(3);
const MAX_ATTEMPTS = 3;
/** The default of `ResumableCacheFirst`. */
const PIECE_BYTES = 8 * 1024 * 1024;

const WORKERS = {...FETCHING, 'holdfast-download': FETCHING.holdfast} as const;
type Way = keyof typeof WORKERS;

const {origins, bytes, urlOf, openPage} = await serveLargeFile(MEGABYTES, WORKERS);
const size = bytes.byteLength;
const afterBytes = Math.floor(size * 0.9);
const browser = await openBrowser(origins.chromiumArgs);

/** Fetches until the page has the complete file. */
const fetchUntilComplete = async (page: Page, url: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchInPage(page, url, size);
      return;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
};

/** Downloads the file through the worker, which stores it. */
const download = (page: Page, url: string): Promise<void> =>
  page.evaluate(async (asset) => {
    await holdfast.download(asset).done;
  }, url);

const getFile = (page: Page, way: Way): Promise<void> =>
  way === 'holdfast-download' ? download(page, urlOf(way)) : fetchUntilComplete(page, urlOf(way));

const ACCIDENTS = {
  'connection-cut': async (page: Page, way: Way) => {
    origins.fault({match: urlOf(way), kind: 'cut', afterBytes, times: 1});
    await getFile(page, way);
  },
  'worker-killed': async (page: Page, way: Way) => {
    const stall = origins.fault({match: urlOf(way), kind: 'stall', afterBytes, times: 1});
    const arriving = getFile(page, way);
    await stall.reached;
    await (way === 'holdfast-download'
      ? whenPiecesStored(page, Math.floor(afterBytes / PIECE_BYTES))
      : whenRead(page, afterBytes));
    await browser.killWorkers();
    stall.release();
    await arriving;
  },
};
type Accident = keyof typeof ACCIDENTS;

/** Returns the bytes that the host sends, less the size of the file. */
const measure = async (way: Way, accident: Accident): Promise<number> => {
  const page = await openPage(browser, way);
  origins.log.clear();
  await ACCIDENTS[accident](page, way);
  await (WORKERS[way] && whenStored(page, urlOf(way)));
  await origins.log.settled();
  await deleteAll(page);
  await page.close();
  const sent = origins.log.requests({path: /large\.bin$/}).reduce((sum, {bytesSent}) => sum + bytesSent, 0);
  return sent - size;
};

/** Without a worker there is none to kill. */
const waysOf = (accident: Accident): Way[] =>
  (Object.keys(WORKERS) as Way[]).filter((way) => accident === 'connection-cut' || WORKERS[way]);

const figureOf = async (accident: Accident) => {
  const twice = Object.fromEntries(waysOf(accident).map((way) => [way, [] as number[]]));
  for (let run = -1; run < ROUNDS; run++) {
    for (const way of waysOf(accident)) {
      const measured = await measure(way, accident);
      // The first round only warms up.
      if (run >= 0) {
        twice[way]?.push(measured);
      }
    }
  }
  return compare('bytes', twice);
};

const figures = {
  'connection-cut': await figureOf('connection-cut'),
  'worker-killed': await figureOf('worker-killed'),
};
await browser.close();
await origins.close();

printTable(
  `Bytes downloaded twice of a file of ${MEGABYTES} MB, median of ${ROUNDS} interleaved rounds`,
  figures,
);
console.log(JSON.stringify({bench: 'resume', runs: ROUNDS, figures}));
