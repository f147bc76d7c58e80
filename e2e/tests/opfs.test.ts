/** A database of a release that is stored as a file, in the origin private file system, for SQLite to open. */
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

/** The headers that SQLite's file system needs: it waits on shared memory. */
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Opens a database by its path in the origin private file system, and runs one query. */
const DATABASE_WORKER = `
  import sqlite3InitModule from '/sqlite/index.mjs';

  const sqlite3 = await sqlite3InitModule();
  onmessage = ({data: {path, query}}) => {
    const database = new sqlite3.oo1.OpfsDb(path, 'r');
    postMessage(database.selectValue(query));
    database.close();
  };
  postMessage('ready');
`;

let stage: Stage;
let page: Page;

const makeDatabase = async (place: string): Promise<Buffer> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-sqlite-'));
  const path = join(folder, 'places.sqlite');
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE places (name TEXT)');
  database.prepare('INSERT INTO places VALUES (?)').run(place);
  database.close();
  const bytes = await readFile(path);
  await rm(folder, {recursive: true});
  return bytes;
};

const urlOf = (version: string, file: string): string => `${stage.app}/latest/${version}/${file}`;

const databases: Record<string, Buffer> = {};

beforeAll(async () => {
  stage = await openSharedStage(['staged']);
  const {app} = stage.origins;
  const folder = fileURLToPath(new URL('.', import.meta.resolve('@sqlite.org/sqlite-wasm/sqlite3.wasm')));
  for (const file of ['index.mjs', 'sqlite3.wasm', 'sqlite3-opfs-async-proxy.js']) {
    app.set(`/sqlite/${file}`, await readFile(folder + file), ISOLATED);
  }
  app.set('/database/index.html', '<!doctype html><script src="/page.js"></script>', ISOLATED);
  app.set('/database/worker.js', DATABASE_WORKER, ISOLATED);
  for (const [version, place] of [
    ['v1', 'Ghent'],
    ['v2', 'Bruges'],
  ] as const) {
    databases[version] = await makeDatabase(place);
    app.set(`/latest/${version}/places.sqlite`, databases[version]);
    app.set(`/latest/${version}/labels.txt`, `labels of ${version}`);
  }
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  await stage.openControlledPage('staged');
  page = await stage.openPage('/database/');
});

/** Stages a release, and its database as a file. */
const stageVersion = (version: string) =>
  page.evaluate(
    ([name, database, labels, bytes]) =>
      holdfast.line('latest').stage(name, {
        manifest: {
          assets: [
            {url: database, size: bytes},
            {url: labels, size: 12},
          ],
        },
        files: {[database]: 'data/places.sqlite'},
      }),
    [
      version,
      urlOf(version, 'places.sqlite'),
      urlOf(version, 'labels.txt'),
      databases[version]?.length ?? 0,
    ] as const,
  );

const pathOf = (version: string): string => `holdfast/latest/${version}/data/places.sqlite`;

const ask = (version: string, query: string): Promise<unknown> =>
  page.evaluate(
    (message) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/database/worker.js', {type: 'module'});
        worker.onerror = ({message: reason}) => reject(new Error(reason));
        worker.onmessage = ({data}) => {
          if (data === 'ready') {
            worker.postMessage(message);
          } else {
            worker.terminate();
            resolve(data);
          }
        };
      }),
    {path: `/${pathOf(version)}`, query},
  );

/** Returns the files of the origin private file system. */
const storedFiles = (): Promise<string[]> =>
  page.evaluate(async () => {
    const list = async (folder: FileSystemDirectoryHandle, path: string): Promise<string[]> => {
      const found: string[] = [];
      for await (const [name, handle] of folder.entries()) {
        found.push(
          ...(handle.kind === 'file'
            ? [path + name]
            : await list(handle as FileSystemDirectoryHandle, `${path}${name}/`)),
        );
      }
      return found;
    };
    return (await list(await navigator.storage.getDirectory(), '')).sort();
  });

it('SQLite opens the file, which is in no cache', async () => {
  expect(await stageVersion('v1')).toMatchObject({files: {[urlOf('v1', 'places.sqlite')]: pathOf('v1')}});
  expect(await storedFiles()).toEqual([pathOf('v1')]);
  expect(await page.evaluate(() => stored())).toEqual({'latest-v1': [urlOf('v1', 'labels.txt')]});

  expect(await ask('v1', 'SELECT name FROM places')).toBe('Ghent');
});

it('the file answers requests for its URL, and for parts of it, offline', async () => {
  await stageVersion('v1');
  await stage.browser.setOffline(true);

  const url = urlOf('v1', 'places.sqlite');
  const {status, size} = await page.evaluate((one) => load(one), url);
  expect([status, size]).toEqual([200, databases.v1?.length]);
  const part = await page.evaluate((one) => load(one, {headers: {range: 'bytes=0-15'}}), url);
  expect([part.status, part.size]).toEqual([206, 16]);
  expect(await page.evaluate(() => stored())).toEqual({'latest-v1': [urlOf('v1', 'labels.txt')]});
});

it('the file and its folder are deleted with its release', async () => {
  await stageVersion('v1');
  await page.evaluate(() => holdfast.line('latest').switchTo('v1'));
  await stageVersion('v2');
  expect(await storedFiles()).toEqual([pathOf('v1'), pathOf('v2')]);

  await page.evaluate(() => holdfast.line('latest').switchTo('v2', {keep: 0}));
  expect(await storedFiles()).toEqual([pathOf('v2')]);
  expect(await ask('v2', 'SELECT name FROM places')).toBe('Bruges');
  await page.evaluate(() => holdfast.turnOff());
  expect(await storedFiles()).toEqual([]);
});

it('the file stays as long as a page has it open, and the switch succeeds', async () => {
  await stageVersion('v1');
  await page.evaluate(() => holdfast.line('latest').switchTo('v1'));
  await stageVersion('v2');
  const other = await stage.openPage('/database/');
  await other.evaluate(
    (path) =>
      new Promise((resolve) => {
        const code = `
          import sqlite3InitModule from '${location.origin}/sqlite/index.mjs';
          globalThis.database = new (await sqlite3InitModule()).oo1.OpfsDb('/${path}');
          database.exec('BEGIN EXCLUSIVE');
          postMessage('open');
        `;
        const url = URL.createObjectURL(new Blob([code], {type: 'text/javascript'}));
        new Worker(url, {type: 'module'}).onmessage = resolve;
      }),
    pathOf('v1'),
  );

  await page.evaluate(() => holdfast.line('latest').switchTo('v2', {keep: 0}));
  expect(await page.evaluate(() => holdfast.line('latest').current())).toBe('v2');
  expect(await storedFiles()).toContain(pathOf('v1'));
  await other.close();
  await stage.browser.killWorkers();
  await page.evaluate((one) => load(one), urlOf('v2', 'labels.txt'));
  await expect.poll(storedFiles).toEqual([pathOf('v2')]);
});

it('the file is stored once, also when a page has fetched it before the stage', async () => {
  await page.evaluate((one) => load(one), urlOf('v1', 'places.sqlite'));
  await expect
    .poll(() => page.evaluate(() => stored()))
    .toEqual({'latest-v1': [urlOf('v1', 'places.sqlite')]});

  await stageVersion('v1');
  expect(await page.evaluate(() => stored())).toEqual({'latest-v1': [urlOf('v1', 'labels.txt')]});
});

it('the file is downloaded again when verify finds it damaged', async () => {
  await stageVersion('v1');
  await page.evaluate(() => holdfast.line('latest').switchTo('v1'));
  await page.evaluate(async (path) => {
    const names = path.split('/');
    const name = names.pop() as string;
    let folder = await navigator.storage.getDirectory();
    for (const one of names) {
      folder = await folder.getDirectoryHandle(one);
    }
    const writable = await (await folder.getFileHandle(name)).createWritable();
    await writable.write('damaged');
    await writable.close();
  }, pathOf('v1'));

  const {damaged} = await page.evaluate(() => holdfast.line('latest').verify());
  expect(damaged).toEqual([urlOf('v1', 'places.sqlite')]);
  expect(await ask('v1', 'SELECT name FROM places')).toBe('Ghent');
});
