/** The demo, clicked through as a newcomer would, on plain localhost ports and without special browser flags. */
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type Browser, openBrowser} from '../harness/openBrowser.ts';
import {type Origins, startOrigins} from '../origins/startOrigins.ts';

const DEMO = fileURLToPath(new URL('../../demo/dist/', import.meta.url));

let origins: Origins;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  origins = await startOrigins({
    mode: 'localhost',
    app: {folder: DEMO},
    ports: {app: 0, hub: 0, hubCdn: 0, jsdelivr: 0, noCors: 0, cors: 0},
  });
  browser = await openBrowser(origins.chromiumArgs);
  page = await browser.context.newPage();
  await open();
});

afterAll(async () => {
  await browser.close();
  await origins.close();
});

const open = async (): Promise<void> => {
  await page.goto(origins.origin.app);
  await page.locator('#load:not([disabled])').waitFor();
};

const text = async (selector: string): Promise<string> => (await page.locator(selector).textContent()) ?? '';

const loadRelease = async (release: string): Promise<string> => {
  await page.locator(`label:has(#release-${release})`).click();
  await page.locator('#load').click();
  await page.locator('#load-status', {hasText: /The model ran\.|did not work/}).waitFor();
  await page.locator('#load:not([aria-disabled="true"])').waitFor();
  return text('#load-status');
};

const runPython = async (code: string): Promise<string> => {
  await page.locator('#python-code').fill(code);
  await page.locator('#python-run').click();
  await page
    .locator('#python-status', {hasText: /Ran in|Ended with an error|could not be started/})
    .waitFor();
  return text('#python-output');
};

const cacheRows = () =>
  page.locator('#releases-rows tr').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-cache')));

const outgoing = () => origins.log.requests().filter(({to}) => to !== 'app');

it('loads a model, and shows its result beside the one that is promised', async () => {
  expect(await text('#worker-state')).toContain('in control');
  expect(await loadRelease('en-us-v0-6-0')).toContain('all from the network');

  expect(await page.locator('#model-verdict').getAttribute('data-state')).toBe('good');
  await expect.poll(cacheRows).toContain('mailwoman-assets-en-us-v0.6.0');
});

it('runs Python', async () => {
  expect(await runPython('import sys\nprint(sys.version)\nsum(range(101))')).toMatch(/^3\.\d+[\s\S]*5050/);
  await expect.poll(cacheRows).toContain('pyodide-v314.0.7');
});

it('loads both again from the cache, without one request', async () => {
  await open();
  await browser.clearHttpCache();
  origins.log.clear();

  expect(await loadRelease('en-us-v0-6-0')).toContain('all from the cache');
  expect(await runPython('6 * 7')).toContain('42');
  expect(outgoing()).toEqual([]);
  // The model's files, the runtime's and Python's: the three newest loads, after those of the first visit.
  const sources = await page
    .locator('#loads details:nth-of-type(-n + 3) tr[data-from]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-from')));
  expect(sources).toEqual(Array(11).fill('cache'));
});

it('comes back offline, and still does both', async () => {
  await browser.setOffline(true);
  await open();

  expect(await loadRelease('en-us-v0-6-0')).toContain('all from the cache');
  expect(await page.locator('#model-verdict').getAttribute('data-state')).toBe('good');
  expect(await runPython('"off" + "line"')).toContain('offline');
  // What was never loaded says so in words, and what there was is still there.
  expect(await loadRelease('en-us-v0-7-0')).toContain('did not work');
  expect(await cacheRows()).toContain('mailwoman-assets-en-us-v0.6.0');
  await browser.setOffline(false);
});

it('switches to another version, and drops the old one', async () => {
  await open();
  expect(await loadRelease('en-us-v0-7-0')).toContain('all from the network');

  expect(await page.locator('#model-verdict').getAttribute('data-state')).toBe('good');
  await expect.poll(cacheRows).not.toContain('mailwoman-assets-en-us-v0.6.0');
  const current = page.locator(
    '#releases-rows tr[data-cache="mailwoman-assets-en-us-v0.7.0"][data-current="true"]',
  );
  await current.waitFor();
  expect(await page.locator('#event-log li[data-type="VERSION_SWITCHED"]').count()).toBeGreaterThan(0);
});

it('shows five pictures of a host without CORS, and stores none', async () => {
  await page.locator('#opaque-load').click();
  await page.locator('#opaque-status', {hasText: 'All were refused'}).waitFor();

  await page.locator('#cors-load').click();
  await page.locator('#opaque-status', {hasText: '5 pictures stored'}).waitFor();
});

it('is turned off, works without a worker, and is turned on again', async () => {
  await page.locator('#turn-off').click();
  await page.locator('#reload').waitFor();
  await page.locator('#reload').click();
  await page.locator('#turn-on').waitFor();
  await page.locator('#load:not([disabled])').waitFor();
  expect(await text('#worker-state')).toContain('turned off');
  const names = await page.evaluate(() => caches.keys());
  expect(names.filter((name) => name.startsWith('mailwoman'))).toEqual([]);
  expect(await loadRelease('de-de-v0-6-0')).toContain('The model ran.');

  await page.locator('#turn-on').click();
  await page.locator('#worker-state', {hasText: 'in control'}).waitFor();
});

it('can be used with the keyboard alone', async () => {
  await open();
  await page.locator('body').press('Tab');
  const reached: string[] = [];
  for (let press = 0; press < 30 && !reached.includes('turn-off'); press++) {
    reached.push(await page.evaluate(() => document.activeElement?.id ?? ''));
    await page.keyboard.press('Tab');
  }
  expect(reached).toEqual(
    expect.arrayContaining(['load', 'python-version', 'python-code', 'python-run', 'turn-off']),
  );
});
