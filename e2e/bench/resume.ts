// How many bytes of a large file are downloaded twice when something goes wrong at 90 % of it? `connection-cut`: the host's
// connection breaks. `worker-killed`: the browser ends the worker, as it may at any moment. A page whose fetch has failed
// asks again, until it has the whole file.
import type {Page} from 'playwright';
import {openBrowser} from '../harness/openBrowser.ts';
import {download, forget, whenRead, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {type Way, WORKERS} from './large-file/ways.ts';
import {compare, printTable} from './report/report.ts';

const MEGABYTES = 128;
const ROUNDS = 3;
const MAX_ATTEMPTS = 3;

const {origins, bytes, urlOf, openPage} = await serveLargeFile(MEGABYTES, WORKERS);
const size = bytes.byteLength;
const afterBytes = Math.floor(size * 0.9);
const browser = await openBrowser(origins.chromiumArgs);

/** Asks until the page has the whole file. */
const downloadInTheEnd = async (page: Page, url: string): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      await download(page, url, size);
      return;
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) {
        throw error;
      }
    }
  }
};

const ACCIDENTS = {
  'connection-cut': async (page: Page, url: string) => {
    origins.fault({match: url, kind: 'cut', afterBytes, times: 1});
    await downloadInTheEnd(page, url);
  },
  'worker-killed': async (page: Page, url: string) => {
    const stall = origins.fault({match: url, kind: 'stall', afterBytes, times: 1});
    const arriving = downloadInTheEnd(page, url);
    await stall.reached;
    await whenRead(page, afterBytes);
    await browser.killWorkers();
    stall.release();
    await arriving;
  },
};
type Accident = keyof typeof ACCIDENTS;

/** What the host has sent over the size of the file. */
const measure = async (way: Way, accident: Accident): Promise<number> => {
  const page = await openPage(browser, way);
  origins.log.clear();
  await ACCIDENTS[accident](page, urlOf(way));
  await (WORKERS[way] && whenStored(page, urlOf(way)));
  await origins.log.settled();
  await forget(page);
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
