/** A versioned model from the Hub: cold, warm, switched, offline. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openStage, type Stage} from '../harness/openStage.ts';

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

const LINE = 'mailwoman-assets-en-us';

/** Loads every file of a release, and checks every byte. */
const loadRelease = async (line: string, version: string): Promise<void> => {
  const files = stage.release(line, version).files;
  expect(files).toHaveLength(4);
  for (const file of files) {
    const {status, size, sha256} = await page.evaluate((url) => load(url), stage.assetUrl(file.path));
    expect({path: file.path, status, size, sha256}).toEqual({
      path: file.path,
      status: 200,
      size: file.size,
      sha256: file.sha256,
    });
  }
};

const whenStored = async (cacheName: string, entries: number): Promise<void> => {
  await expect.poll(async () => (await page.evaluate(() => stored()))[cacheName]?.length).toBe(entries);
};

const outgoing = () => [
  ...stage.origins.log.requests({to: 'hub'}),
  ...stage.origins.log.requests({to: 'hubCdn'}),
];

describe('a release', () => {
  it('fills its own cache on a cold load, under the stable URLs of the Hub', async () => {
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);

    const {[`${LINE}-v0.6.0`]: keys, ...others} = await page.evaluate(() => stored());
    expect(keys?.sort()).toEqual(
      stage
        .release('en-us', 'v0.6.0')
        .files.map(({path}) => stage.assetUrl(path))
        .sort(),
    );
    expect(others).toEqual({});
  });

  it('is loaded again without one request, from a browser that was closed in between', async () => {
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);
    await stage.browser.restart();
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();
    page = await stage.openControlledPage();

    await loadRelease('en-us', 'v0.6.0');
    expect(outgoing()).toEqual([]);
  });

  it('works offline once it was loaded, and nothing else does', async () => {
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);
    await stage.browser.setOffline(true);

    await loadRelease('en-us', 'v0.6.0');
    const other = stage.assetUrl('en-us/v0.7.0/model.onnx');
    await expect(page.evaluate((url) => load(url), other)).rejects.toThrow('Failed to fetch');
  });

  it('never asks for a signed URL twice, even when it has expired', async () => {
    stage.origins.signing.singleUse = true;
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);
    stage.origins.signing.now = () => Date.now() + 3_600_000;
    await loadRelease('en-us', 'v0.6.0');

    const signed = stage.origins.log.requests({to: 'hubCdn', method: 'GET'}).map(({url}) => url);
    expect(new Set(signed).size).toBe(signed.length);
    expect(signed).toHaveLength(4);
    stage.origins.signing.now = Date.now;
    stage.origins.signing.singleUse = false;
  });
});

describe('a switch', () => {
  it('deletes the old release at once, and fills the new one', async () => {
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);

    const answer = await page.evaluate((line) => holdfast.switchVersion(line, 'v0.7.0'), LINE);
    expect(answer).toEqual({evicted: ['v0.6.0'], kept: []});
    expect(await page.evaluate(() => stored())).toEqual({});

    await loadRelease('en-us', 'v0.7.0');
    await whenStored(`${LINE}-v0.7.0`, 4);
    expect(Object.keys(await page.evaluate(() => stored()))).toEqual([`${LINE}-v0.7.0`]);
  });

  it('is known to every page, and after a restart of the browser', async () => {
    const other = await stage.openPage();
    await page.evaluate((line) => holdfast.switchVersion(line, 'v0.7.0'), LINE);
    await expect
      .poll(() => other.evaluate(() => events))
      .toContainEqual({
        type: 'VERSION_SWITCHED',
        payload: {line: LINE, version: 'v0.7.0'},
      });
    await stage.browser.restart();
    page = await stage.openControlledPage();

    expect(await page.evaluate((line) => holdfast.currentVersion(line), LINE)).toBe('v0.7.0');
  });

  it('of one line leaves the other lines alone', async () => {
    await loadRelease('de-de', 'v0.6.0');
    await loadRelease('en-us', 'v0.6.0');
    await whenStored('mailwoman-assets-de-de-v0.6.0', 4);
    await whenStored(`${LINE}-v0.6.0`, 4);
    await page.evaluate((line) => holdfast.switchVersion(line, 'v0.7.0'), LINE);

    expect(Object.keys(await page.evaluate(() => stored()))).toEqual(['mailwoman-assets-de-de-v0.6.0']);
    await page.evaluate(() => holdfast.switchVersion('mailwoman-assets-de-de', 'v0.6.0'));
    expect(Object.keys(await page.evaluate(() => stored()))).toEqual(['mailwoman-assets-de-de-v0.6.0']);
    expect(await page.evaluate((line) => holdfast.currentVersion(line), LINE)).toBe('v0.7.0');
  });

  it('leaves caches of others alone, however much their names are like ours', async () => {
    const names = [
      'mailwoman-assets',
      'mailwoman-assets-en-us',
      'mailwoman-assets-en-us-thumbnails',
      'mailwoman-assetsx-en-us-v0.6.0',
      'workbox-precache-v2',
    ];
    await page.evaluate(async (all) => {
      for (const name of all) {
        await (await caches.open(name)).put('/somebody-elses', new Response('theirs'));
      }
    }, names);
    await page.evaluate((line) => holdfast.switchVersion(line, 'v0.7.0'), LINE);
    await page.evaluate(() => holdfast.turnOff());

    expect(Object.keys(await page.evaluate(() => stored())).sort()).toEqual([...names].sort());
  });

  it('of the line en-us is none of the line en', async () => {
    await page.evaluate(async (name) => {
      const key = 'https://huggingface.co/buckets/mailwoman/assets/resolve/en-us/v0.6.0/model.onnx';
      await (await caches.open(name)).put(key, new Response('of en-us'));
    }, `${LINE}-v0.6.0`);
    await page.evaluate(() => holdfast.switchVersion('mailwoman-assets-en', 'v0.7.0'));

    expect(Object.keys(await page.evaluate(() => stored()))).toEqual([`${LINE}-v0.6.0`]);
  });

  it('answers URLs without a version from the release that it made current', async () => {
    const latest = stage.assetUrl('de-de/tokenizer.model');
    stage.origins.fault({match: latest, kind: 'status', status: 200});
    await page.evaluate(() => holdfast.switchVersion('mailwoman-assets-de-de', 'v0.6.0'));
    await page.evaluate((url) => load(url), latest);
    await whenStored('mailwoman-assets-de-de-v0.6.0', 1);
    await stage.browser.killWorkers();
    stage.origins.log.clear();
    await page.evaluate((url) => load(url), latest);
    expect(outgoing()).toEqual([]);

    await page.evaluate(() => holdfast.switchVersion('mailwoman-assets-de-de', 'v0.7.0'));
    await page.evaluate((url) => load(url), latest);
    expect(outgoing()).toHaveLength(1);
  });
});

describe('what may change within a release', () => {
  it('is answered from the cache at once, and is new at the next request', async () => {
    const load = () => page.evaluate(async () => (await fetch('/live/v1/places.json')).text());
    stage.origins.app.set('/live/v1/places.json', '["old"]');
    expect(await load()).toBe('["old"]');
    await whenStored('live-v1', 1);
    stage.origins.app.set('/live/v1/places.json', '["new"]');

    expect(await load()).toBe('["old"]');
    await expect.poll(load).toBe('["new"]');
    await stage.browser.setOffline(true);
    expect(await load()).toBe('["new"]');
  });
});

describe('a download of another release', () => {
  it('that a switch overtakes is not said to be stored', async () => {
    await page.evaluate((line) => holdfast.switchVersion(line, 'v0.6.0'), LINE);
    const next = stage.assetUrl('en-us/v0.7.0/tokenizer.model');
    const stall = stage.origins.fault({match: next, kind: 'stall', afterBytes: 100_000});
    const loading = page.evaluate((url) => load(url), next);
    await stall.reached;
    await expect.poll(() => page.evaluate(() => stored())).toEqual({[`${LINE}-v0.7.0`]: []});
    // The version that is current already: the other release goes all the same.
    expect(await page.evaluate((line) => holdfast.switchVersion(line, 'v0.6.0'), LINE)).toEqual({
      evicted: ['v0.7.0'],
      kept: [],
    });
    stall.release();
    expect((await loading).status).toBe(200);

    await expect
      .poll(() => page.evaluate(() => events.filter(({type}) => type.startsWith('ASSET_'))))
      .toEqual([
        {
          type: 'ASSET_NOT_STORED',
          payload: {key: next, cacheName: `${LINE}-v0.7.0`, reason: 'release-evicted'},
        },
      ]);
    expect(await page.evaluate(() => stored())).toEqual({});
  });
});

describe('what is listed', () => {
  it('tells lines, releases, the current version and the bytes of the bodies', async () => {
    await loadRelease('de-de', 'v0.6.0');
    await whenStored('mailwoman-assets-de-de-v0.6.0', 4);
    await page.evaluate(() => holdfast.switchVersion('mailwoman-assets-de-de', 'v0.6.0'));
    await page.evaluate((line) => holdfast.switchVersion(line, 'v0.7.0'), LINE);

    const bytes = stage.release('de-de', 'v0.6.0').files.reduce((sum, {size}) => sum + size, 0);
    expect(await page.evaluate(() => holdfast.releases())).toEqual([
      {
        line: 'mailwoman-assets-de-de',
        current: 'v0.6.0',
        releases: [
          {
            version: 'v0.6.0',
            state: 'current',
            cacheName: 'mailwoman-assets-de-de-v0.6.0',
            entries: 4,
            bytes,
          },
        ],
      },
      {line: LINE, current: 'v0.7.0', releases: []},
    ]);
  });
});
