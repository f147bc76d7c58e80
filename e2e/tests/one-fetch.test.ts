/** Pages that request the same file share one fetch. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const MODEL = 'de-de/v0.6.0/model.onnx';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage();
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const startToLoad = (where: Page) =>
  where
    .evaluate((url) => load(url), stage.assetUrl(MODEL))
    .then(
      ({sha256}) => sha256,
      () => 'a network error',
    );

const fetched = (): number => stage.origins.log.requests({to: 'hubCdn', method: 'GET'}).length;

const inCache = async (where: Page): Promise<string[]> =>
  Object.values(await where.evaluate(() => stored())).flat();

/** Waits until the worker has received the requests of a page: it receives this message after them. */
const whenReceived = (where: Page) => where.evaluate(() => holdfast.releases());

it('a file is fetched once for three pages', async () => {
  const pages = [page, await stage.openPage(), await stage.openPage()];
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 100_000});
  const loads = pages.map((one) => startToLoad(one));
  await stall.reached;
  for (const one of pages) {
    await whenReceived(one);
  }
  stall.release();

  const {sha256} = stage.file(MODEL);
  expect(await Promise.all(loads)).toEqual([sha256, sha256, sha256]);
  expect(fetched()).toBe(1);
});

it('a file is fetched once for two spellings of its URL', async () => {
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 100_000});
  const first = startToLoad(page);
  await stall.reached;
  const second = page.evaluate((url) => load(url), `${stage.assetUrl(MODEL)}?download=true`);
  await whenReceived(page);
  stall.release();

  expect([await first, (await second).sha256]).toEqual([stage.file(MODEL).sha256, stage.file(MODEL).sha256]);
  expect(fetched()).toBe(1);
});

it('a file arrives in another page when the page that started the fetch is closed', async () => {
  const other = await stage.openPage();
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 300_000});
  const closed = startToLoad(page);
  await stall.reached;
  const loading = startToLoad(other);
  await whenReceived(other);
  await page.close();
  await expect(closed).resolves.toBe('a network error');
  stall.release();

  expect(await loading).toBe(stage.file(MODEL).sha256);
  expect(fetched()).toBe(1);
  await expect.poll(() => inCache(other)).toEqual([stage.assetUrl(MODEL)]);
});

it('a file is fetched again for the other page when the first connection is cut', async () => {
  const other = await stage.openPage();
  stage.origins.fault({match: MODEL, kind: 'cut', afterBytes: 300_000, times: 1});
  const ends = await Promise.all([startToLoad(page), startToLoad(other)]);

  expect(ends.sort()).toEqual([stage.file(MODEL).sha256, 'a network error'].sort());
  expect(fetched()).toBe(2);
  await expect.poll(() => inCache(page)).toEqual([stage.assetUrl(MODEL)]);
});

it('a file arrives in another page although the first connection stalls', async () => {
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 300_000, times: 1});
  const first = startToLoad(page);
  await stall.reached;
  const {sha256} = stage.file(MODEL);
  // Past the entry of the HTTP cache, which the stalled connection holds.
  expect(await startToLoad(await stage.openPage())).toBe(sha256);
  expect(fetched()).toBe(2);
  stall.release();
  expect(await first).toBe(sha256);
});

it('a request for a part does not wait for the complete file', async () => {
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 300_000, times: 1});
  const complete = startToLoad(page);
  await stall.reached;
  const part = await page.evaluate(
    (url) => load(url, {headers: {range: 'bytes=0-99'}}),
    stage.assetUrl(MODEL),
  );
  expect([part.status, part.size]).toEqual([206, 100]);
  stall.release();
  expect(await complete).toBe(stage.file(MODEL).sha256);
});

it('a file is fetched for each page when there is no room to store it', async () => {
  const other = await stage.openPage();
  await stage.browser.setQuota(stage.app, 100_000);
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 300_000});
  const loads = [startToLoad(page), startToLoad(other)];
  await stall.reached;
  await whenReceived(other);
  stall.release();

  const {sha256} = stage.file(MODEL);
  expect(await Promise.all(loads)).toEqual([sha256, sha256]);
  expect(await inCache(page)).toEqual([]);
});
