// Eight tabs fetch the same large file at the same time. `downloads` is how often its host sends it: the bytes sent,
// divided by the size of the file. `time` is the time until the last tab has it.
import type {Page} from 'playwright';
import {openBrowser} from '../harness/openBrowser.ts';
import {deleteAll, fetchInPage, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {NAMES, nothingYet, type Way, WORKERS} from './large-file/ways.ts';
import {compare, printTable} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const MEGABYTES = 64;
const TABS = 8;
const ROUNDS = rounds(5);

const {origins, bytes, urlOf, openPage} = await serveLargeFile(MEGABYTES, WORKERS);
const size = bytes.byteLength;
const browser = await openBrowser(origins.chromiumArgs);

const measure = async (way: Way): Promise<{downloads: number; milliseconds: number}> => {
  const first = await openPage(browser, way);
  const others = await Promise.all(Array.from({length: TABS - 1}, () => openPage(browser, way)));
  const pages: Page[] = [first, ...others];
  origins.log.clear();
  const start = performance.now();
  await Promise.all(pages.map((page) => fetchInPage(page, urlOf(way), size)));
  const milliseconds = performance.now() - start;
  await (WORKERS[way] && whenStored(first, urlOf(way)));
  await origins.log.settled();
  await deleteAll(first);
  await Promise.all(pages.map((page) => page.close()));
  const sent = origins.log.requests({path: /large\.bin$/}).reduce((sum, {bytesSent}) => sum + bytesSent, 0);
  return {downloads: sent / size, milliseconds};
};

const downloads = nothingYet();
const times = nothingYet();
for (let run = -1; run < ROUNDS; run++) {
  for (const name of NAMES) {
    const measured = await measure(name);
    // The first round only warms up.
    if (run >= 0) {
      downloads[name].push(measured.downloads);
      times[name].push(measured.milliseconds);
    }
  }
}
await browser.close();
await origins.close();

const figures = {downloads: compare('times', downloads), time: compare('ms', times)};
printTable(`${TABS} tabs and a file of ${MEGABYTES} MB, median of ${ROUNDS} interleaved rounds`, figures);
console.log(JSON.stringify({bench: 'tabs', runs: ROUNDS, figures}));
