/** What is stored has the size and the digest that its release promises. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openStage, type Stage} from '../harness/openStage.ts';

const MODES = ['while-storing', 'before-serving'] as const;

const CACHE = 'models-de-de-v0.6.0';

let stage: Stage;
let page: Page;

/** A worker that knows what the files of a release are. */
const workerOf = (mode: string): string => `
  import {IntegrityPlugin} from '@holdfast/integrity';
  import {QuotaGuardPlugin} from '@holdfast/quota-guard';
  import {StableKeyPlugin} from '@holdfast/stable-key';
  import {handleVersionMessages, VersionScopePlugin} from '@holdfast/version-scope';
  import {registerRoute} from 'workbox-routing';
  import {CacheFirst} from 'workbox-strategies';

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
    new CacheFirst({
      plugins: [
        new StableKeyPlugin(),
        new QuotaGuardPlugin(),
        new IntegrityPlugin({assets, mode: '${mode}'}),
        new VersionScopePlugin({prefix: 'models', pattern}),
      ],
    }),
  );
  handleVersionMessages();
`;

beforeAll(async () => {
  stage = await openStage([]);
  for (const mode of MODES) {
    stage.origins.app.set(`/${mode}.js`, await bundle({code: workerOf(mode)}));
  }
});

afterAll(() => stage.close());

const inRelease = async (): Promise<string[]> => (await page.evaluate(() => stored()))[CACHE] ?? [];

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

describe.each(MODES)('%s', (mode) => {
  const url = () => stage.assetUrl('de-de/v0.6.0/tokenizer.model');

  beforeEach(async () => {
    await stage.reset();
    page = await stage.openControlledPage(mode);
  });

  it('stores what is right, also by another spelling, and answers with it offline', async () => {
    const {sha256} = stage.file('de-de/v0.6.0/tokenizer.model');
    expect(await loaded(`${url()}?download=true`)).toBe(sha256);
    await expect.poll(inRelease).toEqual([url()]);

    await stage.browser.setOffline(true);
    expect(await loaded(url())).toBe(sha256);
    expect(await failures()).toEqual([]);
  });

  it('stores nothing of what is wrong, says so, and gets it right the next time', async () => {
    const {sha256} = stage.file('de-de/v0.6.0/tokenizer.model');
    stage.origins.fault({match: 'tokenizer.model', kind: 'wrong-bytes'});

    const wrong = await loaded(url());
    expect(wrong === 'a network error').toBe(mode === 'before-serving');
    expect(wrong).not.toBe(sha256);
    await expect.poll(failures).toContain('wrong-digest');
    expect(await inRelease()).toEqual([]);

    stage.origins.clearFaults();
    expect(await loaded(url())).toBe(sha256);
    await expect.poll(inRelease).toEqual([url()]);
  });
});

it('tells why a file is not in its release', async () => {
  await stage.reset();
  page = await stage.openControlledPage('while-storing');
  stage.origins.fault({match: 'tokenizer.model', kind: 'wrong-bytes'});
  await loaded(stage.assetUrl('de-de/v0.6.0/tokenizer.model'));

  await expect.poll(failures).toEqual(expect.arrayContaining(['wrong-digest', 'integrity-failed']));
});
