/** Stored files have the size and the digest that the worker expects. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const MODES = ['while-storing', 'before-serving'] as const;

/** The import and the options of each strategy, and a file that it answers. */
const STRATEGIES = {
  CacheFirst: {source: `CacheFirst} from 'workbox-strategies'`, sizes: '', file: 'tokenizer.model'},
  ResumableCacheFirst: {
    source: `ResumableCacheFirst} from '@holdfast/service-worker/downloads'`,
    sizes: 'minBytes: 500_000, pieceBytes: 65_536,',
    file: 'model.onnx',
  },
} as const;

type StrategyName = keyof typeof STRATEGIES;

const CASES = MODES.flatMap((mode) =>
  (Object.keys(STRATEGIES) as StrategyName[]).map((strategy) => ({mode, strategy})),
);

const CACHE = 'models-de-de-v0.6.0';

let stage: Stage;
let page: Page;

/** Returns a worker that knows sizes and digests of a release's files. */
const workerOf = ({mode, strategy}: (typeof CASES)[number]): string => `
  import {IntegrityPlugin} from '@holdfast/service-worker/integrity';
  import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
  import {StableKeyPlugin} from '@holdfast/service-worker/keys';
  import {registerAssets} from '@holdfast/service-worker';
  import {VersionScopePlugin} from '@holdfast/service-worker/releases';
  import {registerRoute} from 'workbox-routing';
  import {${STRATEGIES[strategy].source};

  const assets = ${JSON.stringify(
    stage.release('de-de', 'v0.6.0').files.map(({path, size, sha256}) => ({
      url: stage.assetUrl(path),
      size,
      digest: {algorithm: 'sha256', hex: sha256},
    })),
  )};
  const pattern = /\\/resolve\\/(?<locale>[^/]+)\\/(?<version>[^/]+)\\//;
  registerRoute(
    /^https:\\/\\/huggingface\\.co\\//,
    new ${strategy}({
      ${STRATEGIES[strategy].sizes}
      plugins: [
        new StableKeyPlugin(),
        new QuotaGuardPlugin(),
        new IntegrityPlugin({assets, mode: '${mode}'}),
        new VersionScopePlugin({prefix: 'models', pattern}),
      ],
    }),
  );
  registerAssets([]);
`;

const nameOf = ({mode, strategy}: (typeof CASES)[number]): string => `${mode}-${strategy}`;

beforeAll(async () => {
  stage = await openSharedStage([]);
  for (const one of CASES) {
    stage.origins.app.set(`/${nameOf(one)}.js`, await bundle({code: workerOf(one)}));
  }
});

afterAll(() => stage.close());

const inRelease = async (): Promise<string[]> => (await page.evaluate(() => stored()))[CACHE] ?? [];

/** Returns the caches of files that are stored in pieces. */
const inPieces = async (): Promise<string[]> =>
  Object.keys(await page.evaluate(() => stored())).filter((name) => name.startsWith('holdfast-pieces '));

const failures = () =>
  page.evaluate(() =>
    events
      .filter(({type}) => type === 'ASSET_NOT_STORED' || type === 'INTEGRITY_FAILED')
      .map(({payload}) => payload.reason),
  );

const loaded = (url: string): Promise<string> =>
  page.evaluate(
    (one) =>
      load(one).then(
        ({sha256}) => sha256,
        () => 'a network error',
      ),
    url,
  );

describe.each(CASES)('$mode, $strategy', ({mode, strategy}) => {
  const {file} = STRATEGIES[strategy];
  const url = () => stage.assetUrl(`de-de/v0.6.0/${file}`);
  const right = () => stage.file(`de-de/v0.6.0/${file}`).sha256;

  beforeEach(async () => {
    await stage.reset();
    page = await stage.openControlledPage(nameOf({mode, strategy}));
  });

  it('stores a right file, requested by another spelling, and serves it offline', async () => {
    expect(await loaded(`${url()}?download=true`)).toBe(right());
    await expect.poll(inRelease).toEqual([url()]);

    await stage.browser.setOffline(true);
    expect(await loaded(url())).toBe(right());
    expect(await failures()).toEqual([]);
  });

  it('stores no wrong file, reports it, and stores the right one next time', async () => {
    stage.origins.fault({match: file, kind: 'wrong-bytes'});

    const wrong = await loaded(url());
    expect(wrong === 'a network error').toBe(mode === 'before-serving');
    expect(wrong).not.toBe(right());
    await expect.poll(failures).toContain('wrong-digest');
    expect(await inRelease()).toEqual([]);

    stage.origins.clearFaults();
    await expect.poll(inPieces).toEqual([]);
    expect(await loaded(url())).toBe(right());
    await expect.poll(inRelease).toEqual([url()]);
  });
});

describe.each(MODES)('%s: a large file', (mode) => {
  const url = () => stage.assetUrl('de-de/v0.6.0/model.onnx');
  const {size, sha256} = {size: () => file().size, sha256: () => file().sha256};
  const file = () => stage.file('de-de/v0.6.0/model.onnx');

  beforeEach(async () => {
    await stage.reset();
    page = await stage.openControlledPage(nameOf({mode, strategy: 'ResumableCacheFirst'}));
  });

  it('is verified after two connections', async () => {
    stage.origins.fault({match: 'model.onnx', kind: 'cut', afterBytes: 700_000, times: 1});
    expect(await loaded(url())).toBe(sha256());
    await expect.poll(inRelease).toEqual([url()]);
    expect(await failures()).toEqual([]);
  });

  it('is rejected when the bytes after an interruption are wrong', async () => {
    // The newest rule is applied first.
    stage.origins.fault({match: 'model.onnx', kind: 'wrong-bytes', atByte: 1_000_000});
    stage.origins.fault({match: 'model.onnx', kind: 'cut', afterBytes: 700_000, times: 1});
    const wrong = await loaded(url());
    expect(wrong === 'a network error').toBe(mode === 'before-serving');
    await expect.poll(failures).toContain('wrong-digest');
    expect(await inRelease()).toEqual([]);
    await expect.poll(inPieces).toEqual([]);
  });

  describe('without room for two copies', () => {
    beforeEach(() => stage.browser.setQuota(stage.app, 1.7 * size()));

    it('stays in pieces when they are right, and is served offline', async () => {
      expect(await loaded(url())).toBe(sha256());
      await expect.poll(failures).toContain('quota-exceeded');
      expect(await inPieces()).toHaveLength(1);
      await stage.browser.setOffline(true);
      await stage.browser.killWorkers();
      expect(await loaded(url())).toBe(sha256());
      expect(await inRelease()).toEqual([]);
    });

    it('is deleted when it is wrong', async () => {
      stage.origins.fault({match: 'model.onnx', kind: 'wrong-bytes'});
      await loaded(url());
      await expect.poll(failures).toContain('wrong-digest');
      await expect.poll(inPieces).toEqual([]);
    });
  });
});

it('the worker reports why a file is not stored', async () => {
  await stage.reset();
  page = await stage.openControlledPage('while-storing-CacheFirst');
  stage.origins.fault({match: 'tokenizer.model', kind: 'wrong-bytes'});
  await loaded(stage.assetUrl('de-de/v0.6.0/tokenizer.model'));

  await expect.poll(failures).toEqual(expect.arrayContaining(['wrong-digest', 'integrity-failed']));
});
