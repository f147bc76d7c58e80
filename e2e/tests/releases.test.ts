/** A versioned model of the Hub: cold, warm, switched, offline. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

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

const LINE = 'mailwoman-assets-en-us';

/** Loads each file of a release, and checks its bytes. */
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

/** Loads one file of a release, and waits until it is stored. */
const loadOne = async (line: string, version: string): Promise<void> => {
  await page.evaluate((url) => load(url), stage.assetUrl(`${line}/${version}/tokenizer.model`));
  await whenStored(`mailwoman-assets-${line}-${version}`, 1);
};

const whenStored = async (cacheName: string, entries: number): Promise<void> => {
  await expect.poll(async () => (await page.evaluate(() => stored()))[cacheName]?.length).toBe(entries);
};

const outgoing = () => [
  ...stage.origins.log.requests({to: 'hub'}),
  ...stage.origins.log.requests({to: 'hubCdn'}),
];

describe('a release', () => {
  it('fills its own cache on a cold load, under stable URLs of the Hub', async () => {
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

  it('loads again without a request after a restart of the browser', async () => {
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);
    await stage.browser.restart();
    await stage.browser.clearHttpCache();
    stage.origins.log.clear();
    page = await stage.openControlledPage();

    await loadRelease('en-us', 'v0.6.0');
    expect(outgoing()).toEqual([]);
  });

  it('works offline once it is stored, and other releases do not', async () => {
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);
    await stage.browser.setOffline(true);

    await loadRelease('en-us', 'v0.6.0');
    const other = stage.assetUrl('en-us/v0.7.0/model.onnx');
    await expect(page.evaluate((url) => load(url), other)).rejects.toThrow('Failed to fetch');
  });

  it('requests no signed URL twice, also when it has expired', async () => {
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
  it('that keeps none deletes the old release at once, and the new one fills', async () => {
    await loadRelease('en-us', 'v0.6.0');
    await whenStored(`${LINE}-v0.6.0`, 4);
    await loadOne('en-us', 'v0.7.0');

    const answer = await page.evaluate((line) => holdfast.line(line).switchTo('v0.7.0', {keep: 0}), LINE);
    expect(answer).toEqual({line: LINE, version: 'v0.7.0', evicted: ['v0.6.0'], kept: []});
    expect(Object.keys(await page.evaluate(() => stored()))).toEqual([`${LINE}-v0.7.0`]);

    await loadRelease('en-us', 'v0.7.0');
    await whenStored(`${LINE}-v0.7.0`, 4);
    expect(Object.keys(await page.evaluate(() => stored()))).toEqual([`${LINE}-v0.7.0`]);
  });

  it('keeps the release that pages used before, and a rollback returns to it', async () => {
    await loadOne('en-us', 'v0.6.0');
    await loadOne('en-us', 'v0.7.0');
    expect(await page.evaluate((line) => holdfast.line(line).switchTo('v0.7.0'), LINE)).toEqual({
      line: LINE,
      version: 'v0.7.0',
      evicted: [],
      kept: ['v0.6.0'],
    });
    await stage.browser.killWorkers();
    expect(await page.evaluate((line) => holdfast.line(line).rollback(), LINE)).toEqual({
      line: LINE,
      version: 'v0.6.0',
      evicted: [],
      kept: ['v0.7.0'],
    });
    await stage.browser.setOffline(true);
    await page.evaluate((url) => load(url), stage.assetUrl('en-us/v0.6.0/tokenizer.model'));
  });

  it('to a version that nobody has is refused, and names those that are stored', async () => {
    await loadOne('en-us', 'v0.6.0');
    const error = await page.evaluate(
      (line) =>
        holdfast
          .line(line)
          .switchTo('v0.66.0')
          .catch(({code, message}) => ({code, message})),
      LINE,
    );
    expect(error).toMatchObject({code: 'refused', message: expect.stringContaining('allowEmpty: true')});
    expect(error).toMatchObject({message: expect.stringContaining('Stored versions: v0.6.0.')});
    expect(await page.evaluate((line) => holdfast.line(line).current(), LINE)).toBeNull();
  });

  it('to an empty version, where that is allowed, deletes nothing, and the next switch does', async () => {
    await loadOne('en-us', 'v0.6.0');
    const switchTo = (options: {keep: number; allowEmpty?: boolean}) =>
      page.evaluate(([line, rest]) => holdfast.line(line).switchTo('v0.7.0', rest), [LINE, options] as const);
    expect(await switchTo({keep: 0, allowEmpty: true})).toMatchObject({evicted: [], kept: ['v0.6.0']});
    await loadOne('en-us', 'v0.7.0');
    await stage.browser.killWorkers();
    expect(Object.keys(await page.evaluate(() => stored()))).toHaveLength(2);
    expect(await switchTo({keep: 0})).toMatchObject({evicted: ['v0.6.0'], kept: []});
  });

  it('reaches each page, and survives a restart of the browser', async () => {
    const other = await stage.openPage();
    await page.evaluate((line) => holdfast.line(line).switchTo('v0.7.0', {allowEmpty: true}), LINE);
    await expect
      .poll(() => other.evaluate(() => events))
      .toContainEqual({
        type: 'VERSION_SWITCHED',
        payload: {line: LINE, version: 'v0.7.0'},
      });
    await stage.browser.restart();
    page = await stage.openControlledPage();

    expect(await page.evaluate((line) => holdfast.line(line).current(), LINE)).toBe('v0.7.0');
  });

  it('of one line leaves the other lines alone', async () => {
    await loadRelease('de-de', 'v0.6.0');
    await loadRelease('en-us', 'v0.6.0');
    await whenStored('mailwoman-assets-de-de-v0.6.0', 4);
    await whenStored(`${LINE}-v0.6.0`, 4);
    await loadOne('en-us', 'v0.7.0');
    await page.evaluate((line) => holdfast.line(line).switchTo('v0.7.0', {keep: 0}), LINE);

    const left = ['mailwoman-assets-de-de-v0.6.0', `${LINE}-v0.7.0`];
    expect(Object.keys(await page.evaluate(() => stored()))).toEqual(left);
    await page.evaluate(() => holdfast.line('mailwoman-assets-de-de').switchTo('v0.6.0', {keep: 0}));
    expect(Object.keys(await page.evaluate(() => stored()))).toEqual(left);
    expect(await page.evaluate((line) => holdfast.line(line).current(), LINE)).toBe('v0.7.0');
  });

  it('leaves other caches alone, however similar their names are', async () => {
    const names = [
      'mailwoman-assets',
      'mailwoman-assets-en-us',
      'mailwoman-assets-en-us-thumbnails',
      'mailwoman-assetsx-en-us-v0.6.0',
      'workbox-precache-v2',
    ];
    await page.evaluate(async (all) => {
      for (const name of all) {
        await (await caches.open(name)).put('/theirs', new Response('theirs'));
      }
    }, names);
    await loadOne('en-us', 'v0.7.0');
    await page.evaluate((line) => holdfast.line(line).switchTo('v0.7.0', {evictNow: true}), LINE);
    await page.evaluate(() => holdfast.turnOff());

    expect(Object.keys(await page.evaluate(() => stored())).sort()).toEqual([...names].sort());
  });

  it('of the line en leaves the line en-us alone', async () => {
    await page.evaluate(async (name) => {
      const key = 'https://huggingface.co/buckets/mailwoman/assets/resolve/en-us/v0.6.0/model.onnx';
      await (await caches.open(name)).put(key, new Response('of en-us'));
    }, `${LINE}-v0.6.0`);
    const english = stage.assetUrl('en/v0.7.0/tokenizer.model');
    stage.origins.fault({match: english, kind: 'status', status: 200});
    await page.evaluate((url) => load(url), english);
    await whenStored('mailwoman-assets-en-v0.7.0', 1);
    await page.evaluate(() => holdfast.line('mailwoman-assets-en').switchTo('v0.7.0', {evictNow: true}));

    expect(Object.keys(await page.evaluate(() => stored()))).toEqual([
      `${LINE}-v0.6.0`,
      'mailwoman-assets-en-v0.7.0',
    ]);
  });

  it('decides which release answers URLs without a version', async () => {
    const latest = stage.assetUrl('de-de/tokenizer.model');
    stage.origins.fault({match: latest, kind: 'status', status: 200});
    const switchTo = (version: string) =>
      page.evaluate(
        (one) => holdfast.line('mailwoman-assets-de-de').switchTo(one, {allowEmpty: true}),
        version,
      );
    await switchTo('v0.6.0');
    await page.evaluate((url) => load(url), latest);
    await whenStored('mailwoman-assets-de-de-v0.6.0', 1);
    await stage.browser.killWorkers();
    stage.origins.log.clear();
    await page.evaluate((url) => load(url), latest);
    expect(outgoing()).toEqual([]);

    await switchTo('v0.7.0');
    await page.evaluate((url) => load(url), latest);
    expect(outgoing()).toHaveLength(1);
  });
});

describe('a file that changes within a release', () => {
  it('is answered from the cache at once, and updated for the next request', async () => {
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

describe('a request for another release', () => {
  it('is reported as not stored when a switch evicts the release meanwhile', async () => {
    await loadOne('en-us', 'v0.6.0');
    const first = {key: stage.assetUrl('en-us/v0.6.0/tokenizer.model'), cacheName: `${LINE}-v0.6.0`};
    await page.evaluate((line) => holdfast.line(line).switchTo('v0.6.0'), LINE);
    const next = stage.assetUrl('en-us/v0.7.0/tokenizer.model');
    const stall = stage.origins.fault({match: next, kind: 'stall', afterBytes: 100_000});
    const loading = page.evaluate((url) => load(url), next);
    await stall.reached;
    await expect
      .poll(() => page.evaluate(() => stored()))
      .toEqual({
        [first.cacheName]: [first.key],
        [`${LINE}-v0.7.0`]: [],
      });
    // This version is current already: the other release is evicted all the same.
    expect(await page.evaluate((line) => holdfast.line(line).switchTo('v0.6.0'), LINE)).toMatchObject({
      evicted: ['v0.7.0'],
      kept: [],
    });
    stall.release();
    expect((await loading).status).toBe(200);

    await expect
      .poll(() => page.evaluate(() => events.filter(({type}) => type.startsWith('ASSET_'))))
      .toEqual([
        {type: 'ASSET_STORED', payload: first},
        {
          type: 'ASSET_NOT_STORED',
          payload: {key: next, cacheName: `${LINE}-v0.7.0`, reason: 'release-evicted'},
        },
      ]);
    expect(await page.evaluate(() => stored())).toEqual({[first.cacheName]: [first.key]});
  });
});

describe('the list', () => {
  it('has lines, releases, the current version and the bytes of the bodies', async () => {
    await loadRelease('de-de', 'v0.6.0');
    await whenStored('mailwoman-assets-de-de-v0.6.0', 4);
    await page.evaluate(() => holdfast.line('mailwoman-assets-de-de').switchTo('v0.6.0'));
    await page.evaluate((line) => holdfast.line(line).switchTo('v0.7.0', {allowEmpty: true}), LINE);

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
