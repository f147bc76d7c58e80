/** The demo, used as a newcomer does, on plain localhost ports and without special browser flags. */
import {fileURLToPath} from 'node:url';
import type {Page} from 'playwright';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type Browser, openBrowser} from '../harness/openBrowser.ts';
import {seededBytes} from '../origins/content/seededBytes.ts';
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

const choose = (release: string): Promise<void> => page.locator(`label:has(#release-${release})`).click();

/** Waits until the action of a button of the release picker is done. Returns the status on the page. */
const done = async (): Promise<string> => {
  await page.locator('#load:not([aria-disabled="true"])').waitFor();
  return text('#load-status');
};

const press = async (button: string): Promise<string> => {
  await page.locator(button).click();
  return done();
};

const loadRelease = async (release: string): Promise<string> => {
  await choose(release);
  return press('#load');
};

/** Returns the bar of a release whose stage is in a state. */
const bar = (name: string, state: string) =>
  page.locator(`.stage[data-stage="${name}"][data-state="${state}"]`);

const pretend = async (button: string): Promise<void> => {
  const before = await text('#hosts-status');
  await page.locator(button).click();
  await expect.poll(() => text('#hosts-status')).not.toBe(before);
};

const runPython = async (code: string): Promise<string> => {
  await page.locator('#python-code').fill(code);
  await page.locator('#python-run').click();
  await page
    .locator('#python-status', {hasText: /Ran in|Ended with an error|could not be started/})
    .waitFor();
  return text('#python-output');
};

const isModelRight = async (): Promise<boolean> => {
  const verdict = page.locator('#model-verdict');
  return (await verdict.isVisible()) && (await verdict.getAttribute('data-state')) === 'good';
};

/** Returns the state of each release with a cache, as the page lists them. */
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    await page
      .locator('#releases-rows tr')
      .evaluateAll((rows) => rows.map(({dataset: {cache = '', state = ''}}) => [cache, state])),
  );

const outgoing = () => origins.log.requests().filter(({to}) => to !== 'app');

/** Returns the names of the files that were requested from the Hub. */
const requestedFromHub = (): string[] =>
  origins.log.requests({to: 'hub', method: 'GET'}).map(({path}) => path.split('/').at(-1) ?? '');

type Side = 'workbox' | 'holdfast';

/** The size of the race's model, and of the file that its second version changes. */
const RACE_BYTES = 36_000_000;
const RACE_CHANGED_BYTES = 8_000_000;

/** What each side got from the hosts in each act of the race, by the log. */
type RaceLog = Record<Side, {act: number; file: string; bytesSent: number}[]>;

/** Plays the race with one button. */
const playRace = async (): Promise<RaceLog> => {
  // The page notes when each act begins. The test itself would see it late.
  const started = page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        new MutationObserver((changes) => {
          times.push(
            ...changes.filter(({target}) => (target as HTMLElement).ariaCurrent).map(() => Date.now()),
          );
          if (times.length === 4) {
            resolve(times);
          }
        }).observe(document.querySelector('#race-acts') as Node, {
          attributeFilter: ['aria-current'],
          subtree: true,
        });
      }),
  );
  await page.locator('#race-speed').selectOption('200');
  await page.locator('#race-start').click();
  const begins = await started;
  await page.locator('#race-result', {hasText: 'Holdfast fetched'}).waitFor();
  await origins.log.settled();
  const requestsOf = (side: Side) =>
    origins.log
      .requests({path: new RegExp(`^/buckets/race/${side}/`)})
      .map(({at, bytesSent, path, redirectedFrom}) => ({
        act: begins.filter((begin) => begin <= at).length,
        file: (redirectedFrom ?? path).split('/').slice(-2).join('/'),
        bytesSent,
      }));
  return {workbox: requestsOf('workbox'), holdfast: requestsOf('holdfast')};
};

const sentIn = (requests: RaceLog[Side], act: number): number =>
  requests.filter((request) => request.act === act).reduce((sum, {bytesSent}) => sum + bytesSent, 0);

/** What the page shows of an act on a side. */
const shownOf = (act: number, side: Side): Promise<string> =>
  text(`#race-acts tr:nth-child(${act}) td[data-side="${side}"]`);

const LARGE = '/large/v1/48-mb.bin';
const LARGE_BYTES = 48_000_000;
/** How much may be lost when a download is interrupted. */
const PIECE_BYTES = 8 * 1024 * 1024;
const LARGE_BUTTONS = '#large-file button:not(#large-part)';

const requestsForLarge = () => origins.log.requests({to: 'cors', method: 'GET', path: LARGE});

const endsOfLarge = () => requestsForLarge().map(({ended}) => ended);

const firstByte = (range = ''): number => Number(/^bytes=(\d+)-/.exec(range)?.[1] ?? 0);

/** Stalls one answer. */
const stallLarge = () => origins.fault({match: LARGE, kind: 'stall', afterBytes: 14_000_000, times: 1});

/** Waits until the page shows that so many bytes of the large file are stored. */
const untilLargeHas = async (bytes: number): Promise<void> => {
  const soFar = () => page.locator('#large-progress').evaluate(({value}: HTMLProgressElement) => value);
  await expect.poll(soFar).toBeGreaterThan(bytes);
};

const largeStatus = (sentence: string) => page.locator('#large-status', {hasText: sentence});

/** What the gauge of the storage shows, in bytes. */
const gauge = (): Promise<{value: number; max: number}> =>
  page.locator('#usage-meter').evaluate(({value, max}: HTMLMeterElement) => ({value, max}));

const usedBytes = async (): Promise<number> => (await gauge()).value;

/** Returns the files and the size of a group, as the table of the storage shows them. */
const groupOf = (name: string): Promise<string[]> =>
  page.locator(`#usage-rows tr[data-name="${name}"] td:nth-of-type(-n + 2)`).allInnerTexts();

/** Deletes a group. Returns what the page says of it. */
const clearGroup = async (button: string): Promise<string> => {
  await page.getByRole('button', {name: button, exact: true}).click();
  await page.locator('#usage-status', {hasText: /^Deleted/}).waitFor();
  return text('#usage-status');
};

const explanation = (sentence: string) => page.locator('#explain-result', {hasText: sentence});

const enabledOf = (buttons: string): Promise<string[]> =>
  page.locator(`${buttons}:enabled`).evaluateAll((enabled) => enabled.map(({id}) => id));

it('plays the race with one button, and shows what the hosts have logged', async () => {
  const {holdfast, workbox} = await playRace();

  // The cut costs plain Workbox the largest file once more. Holdfast resumes it.
  expect(sentIn(holdfast, 1)).toBeGreaterThanOrEqual(RACE_BYTES);
  expect(sentIn(holdfast, 1)).toBeLessThan(1.2 * RACE_BYTES);
  expect(sentIn(workbox, 1)).toBeGreaterThan(1.4 * RACE_BYTES);
  expect(await shownOf(1, 'workbox')).toContain('works, 1 reload');
  expect(await shownOf(1, 'holdfast')).toMatch(/works$/);

  expect(holdfast.filter(({act}) => act === 2)).toEqual([]);
  expect(await shownOf(2, 'holdfast')).toContain('no request');

  expect(new Set(holdfast.filter(({act}) => act === 3).map(({file}) => file))).toEqual(
    new Set(['v2/decoder.onnx']),
  );
  expect(sentIn(holdfast, 3)).toBeGreaterThanOrEqual(RACE_CHANGED_BYTES);
  expect(sentIn(holdfast, 3)).toBeLessThan(1.01 * RACE_CHANGED_BYTES);
  expect(sentIn(workbox, 3)).toBeGreaterThanOrEqual(RACE_BYTES);

  for (const [side, requests] of [
    ['holdfast', holdfast],
    ['workbox', workbox],
  ] as const) {
    expect(sentIn(requests, 4)).toBe(0);
    expect(await shownOf(4, side)).toMatch(/^0 MB.*works$/);
    expect(await page.frameLocator(`#race-${side}`).locator('#title').textContent()).toBe('v2 is ready');
  }

  const saved = [workbox, holdfast].map((all) => all.reduce((sum, {bytesSent}) => sum + bytesSent, 0));
  const [theirs = 0, ours = 0] = saved;
  const megabytes = ((theirs - ours) / 1e6).toLocaleString('en', {maximumFractionDigits: 1});
  expect(await text('#race-result')).toContain(`Holdfast fetched ${megabytes} MB less than plain Workbox`);
});

it('stages a release, switches to it, and shows the result beside the expected one', async () => {
  expect(await text('#worker-state')).toContain('in control');
  expect(await loadRelease('en-us-v0-6-0')).toMatch(
    /complete and verified: 61\.2 MB downloaded.* The model ran\./,
  );

  expect(await isModelRight()).toBe(true);
  await expect.poll(states).toMatchObject({'mailwoman-assets-en-us-v0.6.0': 'current'});
  const {value, max} = await bar('en-us v0.6.0', 'done')
    .locator('progress')
    .evaluate(({value, max}: HTMLProgressElement) => ({value, max}));
  expect([value, max]).toEqual([61_228_013, 61_228_013]);
});

it('runs Python', async () => {
  expect(await runPython('import sys\nprint(sys.version)\nsum(range(101))')).toMatch(/^3\.\d+[\s\S]*5050/);
  await expect.poll(states).toMatchObject({'pyodide-v314.0.7': 'current'});
});

it('loads both again from the cache, without a request', async () => {
  await open();
  await browser.clearHttpCache();
  origins.log.clear();

  expect(await loadRelease('en-us-v0-6-0')).toContain('all from the cache');
  expect(await runPython('6 * 7')).toContain('42');
  expect(outgoing()).toEqual([]);
  // The three newest loads: the model, its runtime and Python.
  const sources = await page
    .locator('#loads details:nth-of-type(-n + 3) tr[data-from]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-from')));
  expect(sources).toEqual(Array(8).fill('cache'));
});

it('does both offline', async () => {
  await browser.setOffline(true);
  await open();

  expect(await loadRelease('en-us-v0-6-0')).toContain('all from the cache');
  expect(await isModelRight()).toBe(true);
  expect(await runPython('"off" + "line"')).toContain('offline');
  // A release that was never loaded fails with a message, and the other one stays.
  expect(await loadRelease('de-de-v0-6-0')).toContain('cannot be reached');
  expect(await states()).toMatchObject({'mailwoman-assets-en-us-v0.6.0': 'current'});
  await browser.setOffline(false);
});

it('shows which file of a new release is wrong, and the old one still works', async () => {
  await open();
  await pretend('#hosts-wrong-bytes');
  expect(await loadRelease('en-us-v0-7-0')).toMatch(
    /model\.onnx: its bytes are not those .*'v0\.6\.0'.* untouched/,
  );

  const details = bar('en-us v0.7.0', 'failed').locator('.note');
  await expect.poll(() => details.textContent()).toContain('8 MB reused from another release');
  expect(await loadRelease('en-us-v0-6-0')).toContain('all from the cache');
  expect(await isModelRight()).toBe(true);
  await pretend('#hosts-up');
});

it('stops a stage, and keeps what is stored', async () => {
  const stall = origins.fault({match: '/en-us/v0.7.0/model.onnx', kind: 'stall', afterBytes: 10_000_000});
  await choose('en-us-v0-7-0');
  await page.locator('#stage').click();
  await stall.reached;
  await page.locator('#stop').click();

  expect(await done()).toBe('en-us v0.7.0: stopped. What is stored stays.');
  await bar('en-us v0.7.0', 'aborted').waitFor();
  stall.release();
});

it('resumes a stage after a reload, and fetches only missing files', async () => {
  const stall = origins.fault({match: '/en-us/v0.7.0/model.onnx', kind: 'stall', afterBytes: 10_000_000});
  await browser.clearHttpCache();
  origins.log.clear();
  await page.locator('#stage').click();
  await stall.reached;

  await page.reload();
  const running = bar('en-us v0.7.0', 'running');
  await expect.poll(() => running.locator('.note').textContent()).toContain('3 of 4 files verified');
  await expect.poll(() => text('#release-state-en-us-v0-6-0')).toBe('current');
  await expect.poll(() => text('#storage-pieces')).toMatch(/model\.onnx \(\d+\.?\d* MB\)/);
  stall.release();
  await bar('en-us v0.7.0', 'done').waitFor();
  expect(await done()).toContain('You can switch to it, also offline');
  expect(requestedFromHub()).toEqual(['model.onnx']);
  await expect.poll(states).toMatchObject({
    'mailwoman-assets-en-us-v0.6.0': 'current',
    'mailwoman-assets-en-us-v0.7.0': 'staged',
  });
});

it('switches offline to a staged release, and rolls back', async () => {
  await browser.setOffline(true);
  expect(await loadRelease('en-us-v0-7-0')).toContain('all from the cache');
  expect(await isModelRight()).toBe(true);
  await expect.poll(states).toMatchObject({
    'mailwoman-assets-en-us-v0.6.0': 'previous',
    'mailwoman-assets-en-us-v0.7.0': 'current',
  });

  await page.locator('#roll-back', {hasText: 'v0.6.0'}).waitFor();
  expect(await press('#roll-back')).toContain('Rolled back to en-us v0.6.0.');
  expect(await isModelRight()).toBe(true);
  expect(await text('#model-caption')).toContain('en-us v0.6.0');
  await expect.poll(states).toMatchObject({
    'mailwoman-assets-en-us-v0.6.0': 'current',
    'mailwoman-assets-en-us-v0.7.0': 'previous',
  });
  await browser.setOffline(false);
});

it('finds a damaged file and repairs it', async () => {
  expect(await press('#damage')).toContain('tokenizer.model');
  expect(await press('#check')).toMatch(
    /Damaged, and repaired: tokenizer\.model\..* 1 MB reused from another release/,
  );
  expect(await press('#check')).toContain('Nothing is damaged. Verified: 61.2 MB already stored.');
});

it('replaces a runtime by another version', async () => {
  await page.locator('#python-version').selectOption('314.0.6');
  expect(await runPython('2 ** 10')).toContain('1024');
  await expect.poll(states).toMatchObject({'pyodide-v314.0.6': 'current'});
  expect(await states()).not.toHaveProperty('pyodide-v314.0.7');
});

it('shows five pictures of a host without CORS, and stores none', async () => {
  await page.locator('#opaque-load').click();
  await page.locator('#opaque-status', {hasText: 'All were refused'}).waitFor();

  await page.locator('#cors-load').click();
  await page.locator('#opaque-status', {hasText: '5 pictures stored'}).waitFor();
});

it('downloads a large file, and pauses', async () => {
  origins.log.clear();
  const stall = stallLarge();
  await page.locator('#large-download').click();
  await stall.reached;
  await untilLargeHas(10_000_000);
  expect(await enabledOf(LARGE_BUTTONS)).toEqual(['large-pause', 'large-abort']);

  await page.locator('#large-pause').click();
  await largeStatus('Paused').waitFor();
  expect(await enabledOf(LARGE_BUTTONS)).toEqual(['large-resume', 'large-abort']);
  await expect.poll(endsOfLarge).toEqual(['aborted']);
  stall.release();
});

it('resumes the download after a reload, and fetches at most a piece again', async () => {
  const stall = stallLarge();
  await page.locator('#large-resume').click();
  await stall.reached;
  await untilLargeHas(20_000_000);
  await open();
  await expect.poll(endsOfLarge).toEqual(['aborted', 'aborted']);
  stall.release();

  await page.locator('#large-download').click();
  await largeStatus('available offline').waitFor();
  const [, afterPause, afterReload] = requestsForLarge().map(({range}) => firstByte(range));
  expect(afterPause).toBeGreaterThan(10_000_000 - PIECE_BYTES);
  expect(afterReload).toBeGreaterThan(20_000_000 - PIECE_BYTES);
  const sent = requestsForLarge().reduce((sum, {bytesSent}) => sum + bytesSent, 0);
  expect(sent).toBeLessThan(LARGE_BYTES + 2 * PIECE_BYTES);
  await expect.poll(states).toMatchObject({'large-file-v1': 'current'});
});

it('reads a part of the file offline', async () => {
  await browser.setOffline(true);
  await open();
  await page.locator('#large-part').click();
  await page.locator('#large-part-status', {hasText: 'Read 100 bytes'}).waitFor();
  expect(await text('#large-part-status')).toContain('The network was not used.');

  const part = await page.evaluate(async (url) => {
    const response = await fetch(url, {headers: {range: 'bytes=24000000-24000099'}});
    return [...new Uint8Array(await response.arrayBuffer())];
  }, origins.origin.cors + LARGE);
  expect(part).toEqual([...seededBytes(LARGE, LARGE_BYTES).subarray(24_000_000, 24_000_100)]);
  await browser.setOffline(false);
});

it('shows how much of the budget is used, by what, and what would be deleted first', async () => {
  await open();
  await expect.poll(() => groupOf('mailwoman-assets-en-us-v0.7.0')).toEqual(['4', '61.2 MB']);
  expect(await groupOf('large-file-v1')).toEqual(['1', '48 MB']);
  expect(await groupOf('demo-pictures')).toEqual(['5', expect.stringMatching(/bytes$/)]);
  const {value, max} = await gauge();
  expect(max).toBe(400_000_000);
  expect(value).toBeGreaterThan(2 * 61_000_000 + LARGE_BYTES);
  expect(await text('#usage-amount')).toBe(`${Math.round(value / 1e5) / 10} of 400 MB`);
  expect(await text('#usage-next')).toContain('would delete first');
});

it('explains a URL that is stored, one that no route takes, and one that was refused', async () => {
  await page.locator('#explain-stored').click();
  await explanation("is stored as an entry of the cache 'mailwoman-assets-en-us-v0.6.0'").waitFor();
  await page.locator('#explain-url').fill('https://elsewhere.example/model.onnx');
  await page.locator('#explain-url').press('Enter');
  await explanation("No route takes 'https://elsewhere.example/model.onnx'").waitFor();
  await page.locator('#explain-refused').click();
  await explanation('was not stored: its response is opaque').waitFor();
});

it('clears a release, a line and everything, and says what was deleted', async () => {
  const before = await usedBytes();
  const release = 'mailwoman-assets-en-us-v0.7.0';
  expect(await clearGroup(`Clear ${release}`)).toBe(`Deleted 4 files, 61.2 MB: ${release}.`);
  await expect.poll(usedBytes).toBeLessThan(before - 61_000_000);
  // Its button went with it, and the focus is not lost.
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('clear-all');
  await expect.poll(states).not.toHaveProperty(release);

  await page.getByRole('button', {name: 'Clear large-file', exact: true}).press('Enter');
  await page.locator('#usage-status', {hasText: 'Deleted 1 file, 48 MB: large-file.'}).waitFor();
  await expect.poll(usedBytes).toBeLessThan(before - 61_000_000 - LARGE_BYTES);
  await expect.poll(() => enabledOf(LARGE_BUTTONS)).toEqual(['large-download']);

  await page.locator('#clear-all').click();
  await page.locator('#usage-status', {hasText: /^Deleted \d+ files, \S+ MB\.$/}).waitFor();
  await expect.poll(usedBytes).toBe(0);
  expect(await text('#usage-next')).toContain('Nothing is stored');
});

it('is turned off, works without a worker, and is turned on again', async () => {
  await page.locator('#turn-off').click();
  await page.locator('#reload').waitFor();
  await page.locator('#reload').click();
  await page.locator('#turn-on').waitFor();
  await page.locator('#load:not([disabled])').waitFor();
  expect(await text('#worker-state')).toContain('turned off');
  const names = await page.evaluate(() => caches.keys());
  expect(names.filter((name) => /^(mailwoman|large-file)/.test(name))).toEqual([]);
  expect(await loadRelease('de-de-v0-6-0')).toContain('all from the network. The model ran.');

  await page.locator('#turn-on').click();
  await page.locator('#worker-state', {hasText: 'in control'}).waitFor();
});

it('fits on a phone, with the button of the race on its first screen', async () => {
  const desktop = page.viewportSize() ?? {width: 1280, height: 720};
  await page.setViewportSize({width: 390, height: 844});
  await open();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  const {y = Number.POSITIVE_INFINITY, height = 0} = (await page.locator('#race-start').boundingBox()) ?? {};
  expect(y + height).toBeLessThan(844);
  await page.setViewportSize(desktop);
});

it('can be used with the keyboard alone', async () => {
  await open();
  await page.locator('body').press('Tab');
  const reached: string[] = [];
  for (let press = 0; press < 40 && !reached.includes('turn-off'); press++) {
    reached.push(await page.evaluate(() => document.activeElement?.id ?? ''));
    await page.keyboard.press('Tab');
  }
  expect(reached).toEqual(
    expect.arrayContaining([
      'race-start',
      'load',
      'stage',
      'python-version',
      'python-code',
      'python-run',
      'turn-off',
    ]),
  );
});
