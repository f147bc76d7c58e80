/** One URL is fetched once, however many pages ask for it, and all get their bytes. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {openStage, type Stage} from '../harness/openStage.ts';

const MODEL = 'de-de/v0.6.0/model.onnx';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const beginToLoad = (where: Page) =>
  where
    .evaluate((url) => load(url), stage.assetUrl(MODEL))
    .then(
      ({sha256}) => sha256,
      () => 'a network error',
    );

const fetched = (): number => stage.origins.log.requests({to: 'hubCdn', method: 'GET'}).length;

const inCache = async (where: Page): Promise<string[]> =>
  Object.values(await where.evaluate(() => stored())).flat();

/** Messages of a page arrive behind its requests: what is answered after them has come after them. */
const whenAsked = (where: Page) => where.evaluate(() => holdfast.releases());

it('is fetched once for three pages that ask at once', async () => {
  const pages = [page, await stage.openPage(), await stage.openPage()];
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 100_000});
  const loads = pages.map((one) => beginToLoad(one));
  await stall.reached;
  for (const one of pages) {
    await whenAsked(one);
  }
  stall.release();

  const {sha256} = stage.file(MODEL);
  expect(await Promise.all(loads)).toEqual([sha256, sha256, sha256]);
  expect(fetched()).toBe(1);
});

it('is fetched once for a page that asks twice, also for another spelling', async () => {
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 100_000});
  const first = beginToLoad(page);
  await stall.reached;
  const second = page.evaluate((url) => load(url), `${stage.assetUrl(MODEL)}?download=true`);
  await whenAsked(page);
  stall.release();

  expect([await first, (await second).sha256]).toEqual([stage.file(MODEL).sha256, stage.file(MODEL).sha256]);
  expect(fetched()).toBe(1);
});

it('reaches the others when the page that began has gone', async () => {
  const other = await stage.openPage();
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 300_000});
  const gone = beginToLoad(page);
  await stall.reached;
  const loading = beginToLoad(other);
  await whenAsked(other);
  await page.close();
  await expect(gone).resolves.toBe('a network error');
  stall.release();

  expect(await loading).toBe(stage.file(MODEL).sha256);
  expect(fetched()).toBe(1);
  await expect.poll(() => inCache(other)).toEqual([stage.assetUrl(MODEL)]);
});

it('is fetched again for the other page when the connection of the first one breaks', async () => {
  const other = await stage.openPage();
  stage.origins.fault({match: MODEL, kind: 'cut', afterBytes: 300_000, times: 1});
  const ends = await Promise.all([beginToLoad(page), beginToLoad(other)]);

  expect(ends.sort()).toEqual([stage.file(MODEL).sha256, 'a network error'].sort());
  expect(fetched()).toBe(2);
  await expect.poll(() => inCache(page)).toEqual([stage.assetUrl(MODEL)]);
});

it('does not make a request for a part wait for the whole', async () => {
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 300_000, times: 1});
  const whole = beginToLoad(page);
  await stall.reached;
  const part = await page.evaluate(
    (url) => load(url, {headers: {range: 'bytes=0-99'}}),
    stage.assetUrl(MODEL),
  );
  expect([part.status, part.size]).toEqual([206, 100]);
  stall.release();
  expect(await whole).toBe(stage.file(MODEL).sha256);
});

it('is fetched by each for itself when there is no room to store it', async () => {
  const other = await stage.openPage();
  await stage.browser.setQuota(stage.app, 100_000);
  const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 300_000});
  const loads = [beginToLoad(page), beginToLoad(other)];
  await stall.reached;
  await whenAsked(other);
  stall.release();

  const {sha256} = stage.file(MODEL);
  expect(await Promise.all(loads)).toEqual([sha256, sha256]);
  expect(await inCache(page)).toEqual([]);
});
