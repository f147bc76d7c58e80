/** Failures of network and storage: the page gets what it would get without a worker, and no partial file stays. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const MODEL = 'de-de/v0.6.0/model.onnx';

let stage: Stage;
let page: Page;
let model: string;

beforeAll(async () => {
  stage = await openSharedStage(['holdfast', 'brokenStorage', 'misplaced']);
  model = stage.assetUrl(MODEL);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const CACHE = 'mailwoman-assets-de-de-v0.6.0';

const loadModel = () => page.evaluate((url) => load(url), model);

const modelFile = () => stage.file(MODEL);

const whenReported = async (type: string): Promise<Record<string, unknown>> => {
  const event = () => page.evaluate((one) => events.find((event) => event.type === one), type);
  await expect.poll(event).toBeDefined();
  return (await event())?.payload ?? {};
};

const expectComplete = async (): Promise<void> => {
  const {size, sha256} = await loadModel();
  expect({size, sha256}).toEqual({size: modelFile().size, sha256: modelFile().sha256});
};

const expectNothingStored = async (): Promise<void> => {
  expect(await page.evaluate(() => stored())).toEqual({});
  // Workbox rejects with `no-response` when the page's fetch fails.
  const rejections = await page.evaluate(() => events.filter(({type}) => type === 'UNHANDLED_REJECTION'));
  expect(rejections.filter(({payload}) => !String(payload.reason).startsWith('no-response'))).toEqual([]);
};

describe('a response', () => {
  it.each([
    ['is cut', {kind: 'cut', afterBytes: 100_000}],
    ['ends before its declared length', {kind: 'wrong-length', declared: 'larger'}],
  ] as const)('that %s fails as without a worker, and is not stored', async (_what, fault) => {
    stage.origins.fault({match: model, ...fault, times: 1});
    await expect(loadModel()).rejects.toThrow();
    expect(await whenReported('ASSET_NOT_STORED')).toEqual({
      key: model,
      cacheName: CACHE,
      reason: 'body-incomplete',
    });
    await expectNothingStored();

    await expectComplete();
    await whenReported('ASSET_STORED');
  });

  it.each([
    ['is slow', {kind: 'slow', bytesPerSecond: 2_000_000}],
    ['has no declared length', {kind: 'wrong-length', declared: 'absent'}],
  ] as const)('that %s is stored completely', async (_what, fault) => {
    stage.origins.fault({match: model, ...fault, times: 1});
    await expectComplete();
    await whenReported('ASSET_STORED');
    stage.origins.log.clear();

    await expectComplete();
    expect(stage.origins.log.requests({to: 'hubCdn'})).toEqual([]);
  });

  it.each([
    ['has a wrong byte', {kind: 'wrong-bytes'}],
    ['is shorter, and declares that', {kind: 'truncate', toBytes: 1000}],
  ] as const)('that %s is stored as it is, without a known digest', async (_what, fault) => {
    stage.origins.fault({match: model, ...fault, times: 1});
    const {sha256} = await loadModel();
    expect(sha256).not.toBe(modelFile().sha256);
    await whenReported('ASSET_STORED');

    expect((await loadModel()).sha256).toBe(sha256);
  });

  it('that is longer than declared reaches the page as without a worker', async () => {
    stage.origins.fault({match: model, kind: 'wrong-length', declared: 'smaller'});
    const {size, sha256} = await loadModel();
    await whenReported('ASSET_STORED');
    const stored = await loadModel();
    const bare = await stage.openPage();
    await bare.evaluate(() => holdfast.turnOff());
    await bare.reload();
    const without = await bare.evaluate((url) => load(url), model);

    expect({size, sha256}).toEqual({size: without.size, sha256: without.sha256});
    expect({size, sha256}).toEqual({size: stored.size, sha256: stored.sha256});
  });

  it.each([403, 404, 500, 503])('with the status %i reaches the page, and is not stored', async (status) => {
    stage.origins.fault({match: /cdn\.hf\.co/, kind: 'status', status, times: 1});
    expect((await loadModel()).status).toBe(status);
    expect(await whenReported('RESPONSE_REFUSED')).toEqual({key: model, reason: 'status', status});
    await expectNothingStored();

    await expectComplete();
  });

  it('with an endless redirect fails as without a worker, and is not stored', async () => {
    stage.origins.fault({match: model, kind: 'redirect-loop', times: 100});
    await expect(loadModel()).rejects.toThrow('Failed to fetch');
    stage.origins.clearFaults();
    await expectNothingStored();

    await expectComplete();
  });

  it('whose page is closed leaves no partial file', async () => {
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 100_000});
    const other = await stage.openPage();
    void other.evaluate((url) => load(url), model).catch(() => undefined);
    await stall.reached;
    await other.close();
    stall.release();

    // Either it was aborted with the page, or it was stored completely.
    const ends = () => page.evaluate(() => events.filter(({type}) => type.startsWith('ASSET_')).length);
    await expect.poll(ends).toBe(1);
    const keys = await page.evaluate(() => stored());
    expect([{}, {[CACHE]: [model]}]).toContainEqual(keys);
    await expectComplete();
  });
});

describe('storing', () => {
  it('without room is reported, and the page gets its bytes', async () => {
    await stage.browser.setQuota(stage.app, 300_000);
    await expectComplete();

    expect(await whenReported('ASSET_NOT_STORED')).toEqual({
      key: model,
      cacheName: CACHE,
      reason: 'quota-exceeded',
    });
    await whenReported('QUOTA_EXCEEDED');
    await expectNothingStored();
    await stage.browser.setQuota(stage.app, undefined);
    await expectComplete();
    await whenReported('ASSET_STORED');
  });
});

describe('storage that fails', () => {
  it.each(['match', 'open', 'put'])('at %s fails no request of a page that is online', async (operation) => {
    page = await stage.openControlledPage(`brokenStorage`);
    await page.evaluate((name) => {
      new BroadcastChannel('break').postMessage(name);
      // Messages and fetches of a page arrive in order.
      return holdfast.releases().catch(() => undefined);
    }, operation);

    await expectComplete();
    await expectComplete();
    const bad = await page.evaluate(() => events.filter(({type}) => type === 'UNHANDLED_REJECTION'));
    expect(bad).toEqual([]);
  });
});

describe('plugins in the wrong order', () => {
  it('store no signed URL', async () => {
    page = await stage.openControlledPage('misplaced');
    await expectComplete();
    const [{url: signed = ''} = {}] = stage.origins.log.requests({to: 'hubCdn', method: 'GET'});
    await page.evaluate((url) => load(url), signed);
    await page.evaluate((url) => load(url), signed);

    expect(
      Object.values(await page.evaluate(() => stored()))
        .flat()
        .join(),
    ).not.toContain('Signature');
  });
});

describe('a request', () => {
  it('for a range is answered from the network or from the stored file, and is not stored as the file', async () => {
    const head = {headers: {range: 'bytes=0-99'}};
    const probe = () => page.evaluate(([url, init]) => load(url, init), [model, head] as const);
    expect(await probe()).toMatchObject({status: 206, size: 100});
    await expectNothingStored();
    const first = (await probe()).sha256;
    await expectComplete();
    await whenReported('ASSET_STORED');
    await stage.browser.setOffline(true);

    const {status, size, sha256, headers} = await probe();
    expect({status, size, sha256}).toEqual({status: 206, size: 100, sha256: first});
    expect(headers['content-range']).toBe(`bytes 0-99/${modelFile().size}`);
  });

  it('for the description of a file is neither answered with the file nor stored as it', async () => {
    const init = {headers: {accept: 'application/vnd.xet-fileinfo+json, */*'}};
    const describeFile = () => page.evaluate(([url, options]) => load(url, options), [model, init] as const);
    const before = await describeFile();
    expect(before.headers['content-type']).toContain('application/vnd.xet-fileinfo+json');
    await expectComplete();
    await whenReported('ASSET_STORED');

    expect((await describeFile()).sha256).toBe(before.sha256);
    await expectComplete();
  });
});

describe('a page of the app', () => {
  it('imports a redirected module, which finds its neighbors', async () => {
    stage.origins.app.set('/docs/v1/module.js', '', {location: '/docs/v1/dist/module.js'});
    stage.origins.app.set('/docs/v1/dist/module.js', 'export {answer} from "./neighbor.js";');
    stage.origins.app.set('/docs/v1/dist/neighbor.js', 'export const answer = 42;');
    for (let visit = 0; visit < 2; visit++) {
      expect(await page.evaluate(async () => (await importModule('/docs/v1/module.js')).answer)).toBe(42);
      await expect
        .poll(() => page.evaluate(() => events.find(({type}) => type === 'ASSET_NOT_STORED')?.payload.reason))
        .toBe('redirected-code');
      await page.reload();
    }
  });

  it('that was stored after a redirect can be navigated to', async () => {
    stage.origins.app.set('/docs/v1/start', '', {location: '/docs/v1/start.html'});
    stage.origins.app.set('/docs/v1/start.html', '<!doctype html><title>Start</title>');
    await page.evaluate(() => load('/docs/v1/start'));
    await whenReported('ASSET_STORED');
    await stage.browser.setOffline(true);

    // A navigation refuses a redirected response, so the stored one must not be marked as such.
    await page.goto(`${stage.app}/docs/v1/start`);
    expect(await page.title()).toBe('Start');
  });
});
