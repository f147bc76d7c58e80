// How long does a page take to read a large file that is stored? `none` is a page without a worker, which
// downloads it: the browser's own cache stores no file of this size.
import {openBrowser} from '../harness/openBrowser.ts';
import {fetchInPage, whenStored} from './large-file/inPage.ts';
import {serveLargeFile} from './large-file/serveLargeFile.ts';
import {NAMES, nothingYet, WORKERS} from './large-file/ways.ts';
import {compare, printTable} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const MEGABYTES = 512;
const ROUNDS = rounds(9);

const {origins, bytes, urlOf, openPage} = await serveLargeFile(MEGABYTES, WORKERS);
const size = bytes.byteLength;
const browser = await openBrowser(origins.chromiumArgs);

const pages = new Map(
  await Promise.all(NAMES.map(async (name) => [name, await openPage(browser, name)] as const)),
);
for (const [name, page] of pages) {
  await fetchInPage(page, urlOf(name), size);
  await (WORKERS[name] && whenStored(page, urlOf(name)));
}

origins.log.clear();
const times = nothingYet();
for (let run = -1; run < ROUNDS; run++) {
  for (const [name, page] of pages) {
    const milliseconds = await fetchInPage(page, urlOf(name), size);
    // The first round only warms up.
    if (run >= 0) {
      times[name].push(milliseconds);
    }
  }
}
await browser.close();

const requests = origins.log.requests().filter(({url}) => url !== urlOf('none')).length;
await origins.close();
if (requests > 0) {
  throw new Error(`All reads must be warm hits, but the host got ${requests} requests.`);
}

const figures = {time: compare('ms', times)};
printTable(`A stored file of ${MEGABYTES} MB, median of ${ROUNDS} interleaved rounds`, figures);
console.log(JSON.stringify({bench: 'large-warm', runs: ROUNDS, ...figures.time}));
