/** SQLite reads a database page by page through the worker, and reads the same pages offline. */
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const PATH = '/plain/places.sqlite';
/** SQLite itself, which the worker stores as well. */
const CODE = '/plain/database.js';
const WASM = '/plain/sqlite3.wasm';
const PLACES = 40_000;

const BY_NAME = "SELECT name, population FROM places WHERE name = 'Place 31415'";
const BY_ANOTHER_NAME = "SELECT name, population FROM places WHERE name = 'Place 2718'";
const SCAN = 'SELECT count(*), sum(population), max(length(note)) FROM places';

let stage: Stage;
let page: Page;
let folder: string;
let database: DatabaseSync;
let size: number;
let url: string;

const makeDatabase = (path: string): DatabaseSync => {
  const made = new DatabaseSync(path);
  made.exec('PRAGMA page_size = 8192');
  made.exec('CREATE TABLE places (name TEXT, population INTEGER, note TEXT)');
  made.exec('BEGIN');
  const insert = made.prepare('INSERT INTO places VALUES (?, ?, ?)');
  for (let place = 0; place < PLACES; place++) {
    insert.run(`Place ${place}`, (place * 7919) % 100_003, 'x'.repeat(place % 200));
  }
  made.exec('COMMIT');
  made.exec('CREATE INDEX places_by_name ON places (name)');
  return made;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-sqlite-'));
  database = makeDatabase(join(folder, 'places.sqlite'));
  const bytes = await readFile(join(folder, 'places.sqlite'));
  size = bytes.length;

  stage = await openSharedStage(['large']);
  url = stage.app + PATH;
  const {app} = stage.origins;
  app.set(PATH, bytes, {etag: '"places"', 'accept-ranges': 'bytes'});
  app.set(CODE, await bundle({code: "import './workers/database.ts';"}));
  app.set(WASM, await readFile(fileURLToPath(import.meta.resolve('@sqlite.org/sqlite-wasm/sqlite3.wasm'))));
});

afterAll(async () => {
  await stage.close();
  database.close();
  await rm(folder, {recursive: true});
});

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
  for (const path of [CODE, WASM]) {
    await page.evaluate((what) => load(what), path);
  }
  await whenComplete();
});

/** Waits until no file is in pieces. It opens no cache, since that could create it. */
const whenComplete = () => expect.poll(() => page.evaluate(() => caches.keys())).toEqual(['plain']);

/** Runs a query in a new worker, which has nothing in memory. */
const ask = (query: string): Promise<{rows?: unknown[][]; error?: string}> =>
  page.evaluate(
    ([code, question]) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(code, {type: 'module'});
        worker.onerror = ({message}) => reject(new Error(message));
        worker.onmessage = ({data}) => {
          worker.terminate();
          resolve(data);
        };
        worker.postMessage(question);
      }),
    [CODE, {url, query}] as const,
  );

/** Returns SQLite's own answer in Node. */
const rightAnswer = (query: string) => ({
  rows: database
    .prepare(query)
    .all()
    .map((row) => Object.values(row)),
});

const requests = () => stage.origins.log.requests({to: 'app', path: PATH});

const bytesSent = async (): Promise<number> => {
  await stage.origins.log.settled();
  return requests().reduce((sum, one) => sum + one.bytesSent, 0);
};

const goOffline = async (): Promise<void> => {
  await stage.browser.clearHttpCache();
  await stage.browser.setOffline(true);
};

it('a query fetches only the pages that it needs, and runs again offline', async () => {
  expect(await ask(BY_NAME)).toEqual(rightAnswer(BY_NAME));
  const parts = requests();
  expect(new Set(parts.map(({status}) => status))).toEqual(new Set([206]));
  expect(await bytesSent()).toBeLessThan(size / 50);

  await goOffline();
  expect(await ask(BY_NAME)).toEqual(rightAnswer(BY_NAME));
  expect((await ask(BY_ANOTHER_NAME)).error).toContain('disk I/O error');
  expect(requests()).toEqual(parts);
});

it('each query runs offline once the database is loaded, and no page is fetched twice', async () => {
  await ask(BY_NAME);
  expect(await page.evaluate((what) => load(what), url)).toMatchObject({status: 200, size});
  await whenComplete();
  expect(await bytesSent()).toBe(size);

  const count = requests().length;
  await goOffline();
  for (const query of [BY_NAME, BY_ANOTHER_NAME, SCAN]) {
    expect(await ask(query)).toEqual(rightAnswer(query));
  }
  expect(requests()).toHaveLength(count);
});
