/** Requests without CORS: made with CORS where the host allows it, else their opaque responses are not stored. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['holdfast', 'opaqueAllowed', 'handwritten']);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
});

/** Loads a script by an element without `crossorigin`, and resolves to whether it ran. */
const runScript = (src: string): Promise<boolean> =>
  page.evaluate(
    (url) =>
      new Promise<boolean>((resolve) => {
        const script = document.createElement('script');
        script.onload = () => resolve('assetsScriptRuns' in globalThis);
        script.onerror = () => resolve(false);
        script.src = url;
        document.head.append(script);
      }),
    src,
  );

const usage = () => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);

const loadOpaque = (count: number): Promise<string[]> =>
  page.evaluate(
    async ([origin, files]) => {
      const types: string[] = [];
      for (let file = 0; file < files; file++) {
        types.push((await fetch(`${origin}/opaque/${file}.bin`, {mode: 'no-cors'})).type);
      }
      return types;
    },
    [stage.origins.origin.noCors, count] as const,
  );

const refusals = () => page.evaluate(() => events.filter(({type}) => type === 'RESPONSE_REFUSED').length);

it('a script of a host with CORS is stored as a readable response of its own size', async () => {
  page = await stage.openControlledPage('holdfast');
  const script = `${stage.origins.origin.cors}/script.js`;
  expect(await runScript(script)).toBe(true);
  await expect.poll(async () => (await page.evaluate(() => stored())).assets).toEqual([script]);

  const type = await page.evaluate(async (url) => (await caches.match(url))?.type, script);
  expect(type).toBe('cors');
  expect(await usage()).toBeLessThan(1_000_000);
  stage.origins.log.clear();
  expect(await runScript(script)).toBe(true);
  expect(stage.origins.log.requests({to: 'cors'})).toEqual([]);
});

it('a style sheet that was requested with CORS applies', async () => {
  page = await stage.openControlledPage('holdfast');
  const color = await page.evaluate(
    (href) =>
      new Promise<string>((resolve) => {
        document.body.className = 'from-the-assets-host';
        const link = Object.assign(document.createElement('link'), {rel: 'stylesheet', href});
        link.onload = () => resolve(getComputedStyle(document.body).color);
        link.onerror = () => resolve('not loaded');
        document.head.append(link);
      }),
    `${stage.origins.origin.cors}/style.css`,
  );
  expect(color).toBe('rgb(1, 2, 3)');
  const sent = stage.origins.log.requests({to: 'cors', path: '/style.css'});
  expect(sent.map(({origin}) => origin)).toEqual([stage.app]);
});

it('a script of a host without CORS runs, and is not stored', async () => {
  page = await stage.openControlledPage('holdfast');
  const script = `${stage.origins.origin.noCors}/script.js`;
  expect(await runScript(script)).toBe(true);
  await expect.poll(refusals).toBe(1);

  expect(await page.evaluate(() => stored())).toEqual({});
});

it('a script of a host that is wrongly listed with CORS runs', async () => {
  page = await stage.openControlledPage('opaqueAllowed');
  expect(await runScript(`${stage.origins.origin.noCors}/script.js`)).toBe(true);
  // With CORS, the same past the HTTP cache, and as the page asked.
  expect(stage.origins.log.requests({to: 'noCors'}).map(({origin}) => origin)).toEqual([
    stage.app,
    stage.app,
    undefined,
  ]);
});

it('twenty opaque responses do not grow the usage', async () => {
  page = await stage.openControlledPage('holdfast');
  const before = await usage();
  expect(await loadOpaque(20)).toEqual(Array(20).fill('opaque'));
  await expect.poll(refusals).toBe(20);

  expect(await page.evaluate(() => stored())).toEqual({});
  expect(await usage()).toBeLessThan(before + 1_000_000);
});

it('twenty opaque responses take tens of megabytes in a hand-written worker', async () => {
  page = await stage.openControlledPage('handwritten');
  expect(await loadOpaque(20)).toEqual(Array(20).fill('opaque'));
  await expect.poll(async () => Object.values(await page.evaluate(() => stored())).flat()).toHaveLength(20);

  // The 20 files have 1.3 MB. The browser adds a random padding of up to 14.8 MB to each.
  expect(await usage()).toBeGreaterThan(30_000_000);
});

it('the allowed number of opaque responses is stored, and answered from the cache', async () => {
  page = await stage.openControlledPage('opaqueAllowed');
  await page.evaluate(() => holdfast.line('opaque').switchTo('v1', {allowEmpty: true}));
  await loadOpaque(5);
  await expect.poll(refusals).toBe(3);
  await expect
    .poll(async () => (await page.evaluate(() => stored()))['opaque-v1'])
    .toEqual([0, 1].map((file) => `${stage.origins.origin.noCors}/opaque/${file}.bin`));

  stage.origins.log.clear();
  await stage.browser.killWorkers();
  await loadOpaque(2);
  expect(stage.origins.log.requests({to: 'noCors'})).toEqual([]);
});

it('an opaque entry does not answer a request with CORS', async () => {
  page = await stage.openControlledPage('opaqueAllowed');
  await page.evaluate(() => holdfast.line('opaque').switchTo('v1', {allowEmpty: true}));
  await loadOpaque(1);
  await expect.poll(() => page.evaluate(() => events.map(({type}) => type))).toContain('ASSET_STORED');
  stage.origins.log.clear();

  // The host has no CORS, so this fails; but the request goes out, as it would without a worker.
  const url = `${stage.origins.origin.noCors}/opaque/0.bin`;
  await expect(page.evaluate((one) => load(one), url)).rejects.toThrow('Failed to fetch');
  expect(stage.origins.log.requests({to: 'noCors'})).toHaveLength(1);
});
