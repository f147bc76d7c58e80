/** `explain()` of `@holdfast/window`: what becomes of a URL, where it is stored, and if it is not, why and what to do. */
import {createHash} from 'node:crypto';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {quotaGuard, stableKey, versionScope, withHoldfast} from '@holdfast/build';
import type {UrlExplanation} from '@holdfast/window';
import type {ConsoleMessage, Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {generateSW} from 'workbox-build';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

/** Returns the worker that `generateSW` makes of a configuration. */
const generated = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-inspected-'));
  try {
    const swDest = join(folder, 'sw.js');
    await generateSW(
      withHoldfast(
        {
          swDest,
          mode: 'production',
          inlineWorkboxRuntime: true,
          sourcemap: false,
          skipWaiting: true,
          runtimeCaching: [
            {
              urlPattern: /\/scoped\//,
              handler: 'ResumableCacheFirst',
              options: {
                cacheName: 'scoped',
                plugins: [
                  stableKey(),
                  quotaGuard(),
                  versionScope({prefix: 'scoped', pattern: /\/scoped\/(?<version>v\d+)\//}),
                ],
              },
            },
            {urlPattern: /\/inside\//, handler: 'CacheFirst', options: {plugins: [quotaGuard()]}},
          ],
        },
        {inspection: true},
      ),
    );
    return await readFile(swDest, 'utf8');
  } finally {
    await rm(folder, {recursive: true});
  }
};

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['inspected', 'assets']);
  const policed = `
    import {inspection, QuotaGuardPlugin, registerAssets} from '@holdfast/service-worker';
    import {CacheFirst} from 'workbox-strategies';

    registerAssets([{
      urlPattern: /^https?:.*\\/script\\.js/,
      handler: new CacheFirst({cacheName: 'scripts', plugins: [new QuotaGuardPlugin()]}),
    }], {features: [inspection()]});
    self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  `;
  stage.origins.app.set('/policed.js', await bundle({code: policed}), {
    'content-security-policy': `default-src 'self'; connect-src 'self'`,
  });
  stage.origins.app.set('/inspected-development.js', await bundle('workers/inspected.ts', 'development'));
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const TEXT = {'content-type': 'application/octet-stream'};
const LARGE = {etag: '"one"', 'accept-ranges': 'bytes', ...TEXT};

const explain = (url: string, options = {}): Promise<UrlExplanation> =>
  page.evaluate(([what, rest]) => holdfast.explain(what, rest), [url, options] as const);

const urlOf = (path: string): string => stage.app + path;

/** Publishes a file of the app, and returns its URL. */
const publish = (path: string, body: string, headers: Record<string, string> = TEXT): string => {
  stage.origins.app.set(path, body, headers);
  return urlOf(path);
};

const loadInPage = (url: string, init: {mode?: RequestMode; headers?: Record<string, string>} = {}) =>
  page.evaluate(([what, how]) => load(what, how).catch(() => undefined), [url, init] as const);

/** Loads a URL, and returns the explanation once it says that the file is stored. */
const loadAndExplain = async (url: string): Promise<UrlExplanation> => {
  await loadInPage(url);
  await expect.poll(async () => (await explain(url)).stored?.isComplete).toBe(true);
  return explain(url);
};

describe('what is stored', () => {
  it('an entry of a strategy’s own cache', async () => {
    const {stored, route, key, sentences, isControlled} = await loadAndExplain(
      publish('/guarded/one.bin', 'six'),
    );
    expect(stored).toMatchObject({where: 'entry', cacheName: 'guarded', bytes: 3, isVerified: null});
    expect(route).toMatchObject({index: 3, routes: 8, later: [6], cacheName: 'guarded'});
    expect(route?.plugins).toEqual(['stableKey', 'quotaGuard', 'integrity', 'budget']);
    expect(key).toBe(urlOf('/guarded/one.bin'));
    expect(isControlled).toBe(true);
    expect(sentences[0]).toMatch(
      /^'.*\/guarded\/one\.bin' is stored as an entry of the cache 'guarded': 3 bytes, .*, with no digest to verify it by\.$/,
    );
  });

  it('one that was verified by its digest', async () => {
    const {stored} = await loadAndExplain(publish('/guarded/listed.bin', 'listed'));
    expect(stored?.isVerified).toBe(true);
  });

  it('an entry of a release, which is not current', async () => {
    const {stored, release, sentences} = await loadAndExplain(publish('/scoped/v1/one.bin', 'six'));
    expect(stored).toMatchObject({where: 'entry', cacheName: 'scoped-v1'});
    expect(release).toEqual({line: 'scoped', version: 'v1', state: 'other', current: null});
    expect(sentences.join(' ')).toContain("the release 'v1' of 'scoped', which is not current");
  });

  it('a file of a staged release, in the origin private file system', async () => {
    const url = publish('/scoped/v1/database.bin', 'database');
    const hex = createHash('sha256').update('database').digest('hex');
    await page.evaluate(
      async ([what, digest]) => {
        const line = holdfast.line('scoped');
        await line.stage('v1', {
          manifest: {assets: [{url: what, size: 8, digest: {algorithm: 'sha256', hex: digest}}]},
          files: {[what]: 'database.bin'},
        });
        await line.switchTo('v1');
      },
      [url, hex] as const,
    );
    const {stored, release, sentences} = await explain(url);
    expect(stored).toMatchObject({where: 'file', path: 'holdfast/scoped/v1/database.bin', bytes: 8});
    expect(stored?.isVerified).toBe(true);
    expect(stored?.ageSeconds).toBeLessThan(60);
    expect(release).toEqual({line: 'scoped', version: 'v1', state: 'current', current: 'v1'});
    expect(sentences[0]).toContain("as the file 'holdfast/scoped/v1/database.bin'");
    // A URL without a version means the same release.
    expect((await explain(urlOf('/scoped/other.bin'))).release?.version).toBe('v1');
  });

  it('pieces of a large file whose download was interrupted, and the download in progress', async () => {
    const url = publish('/resumable/large.bin', 'x'.repeat(400_000), LARGE);
    stage.origins.fault({match: '/resumable/large.bin', kind: 'stall', afterBytes: 200_000, times: 1});
    await page.evaluate((what) => {
      holdfast.download(what).done.catch(() => undefined);
    }, url);
    await expect.poll(async () => (await explain(url)).stored?.bytes ?? 0).toBeGreaterThan(65_535);
    const {stored, download, sentences} = await explain(url);
    expect(stored).toMatchObject({where: 'pieces', cacheName: 'resumable', isComplete: false});
    expect(download).toMatchObject({state: 'running', totalBytes: 400_000});
    expect(sentences.join(' ')).toMatch(
      /is partly stored in pieces beside the cache 'resumable'.* is being downloaded: /,
    );
  });
});

describe('why it is not stored', () => {
  it('was never requested', async () => {
    const {stored, refusal, sentences} = await explain(urlOf('/guarded/new.bin'));
    expect([stored, refusal]).toEqual([null, null]);
    expect(sentences[0]).toContain(
      'no request for it has failed since the worker started. Request it through the page.',
    );
  });

  it.each([
    ['html', {}, '<!doctype html>', {'content-type': 'text/html'}, 'set the option html of its route'],
    [
      'wrong-type',
      {},
      '{}',
      {'content-type': 'application/json'},
      'Have the host send the right Content-Type',
    ],
    ['empty', {}, '', TEXT, 'Publish the file again.'],
  ])('the answer is %s, on each kind of route', async (reason, _options, body, headers, advice) => {
    for (const folder of ['guarded', 'scoped/v1', 'resumable']) {
      const url = publish(`/${folder}/model.wasm`, body, headers);
      await loadInPage(url);
      await expect.poll(async () => (await explain(url)).refusal?.reason).toBe(reason);
      const [first = ''] = (await explain(url)).sentences;
      expect(first).toContain(`'${url}' was not stored: `);
      expect(first).toContain(advice);
    }
  });

  it.each(['guarded', 'scoped/v1', 'resumable'])('the host answers with an error: %s', async (folder) => {
    const url = urlOf(`/${folder}/missing.bin`);
    await loadInPage(url);
    await expect
      .poll(async () => (await explain(url)).refusal)
      .toMatchObject({reason: 'status', status: 404});
    expect((await explain(url)).sentences[0]).toContain('its host answered with 404. Check the URL');
  });

  it.each(['guarded', 'scoped/v1', 'resumable'])('the host cannot be reached: %s', async (folder) => {
    await stage.browser.setOffline(true);
    const url = urlOf(`/${folder}/one.bin`);
    await loadInPage(url);
    await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('unreachable');
    await stage.browser.setOffline(false);
  });

  it('an opaque response', async () => {
    const url = `${stage.origins.origin.noCors}/opaque/1.bin`;
    await loadInPage(url, {mode: 'no-cors'});
    await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('opaque');
    expect((await explain(url)).sentences[0]).toContain('Add crossorigin to the element');
  });

  it('a part of a file', async () => {
    const url = publish('/guarded/part.bin', 'x'.repeat(1000), LARGE);
    await loadInPage(url, {headers: {range: 'bytes=0-9'}});
    await expect.poll(async () => (await explain(url)).refusal?.status).toBe(206);
    expect((await explain(url)).sentences[0]).toContain('Request it without Range');
  });

  it('wrong bytes', async () => {
    const url = publish('/guarded/listed.bin', 'others');
    await loadInPage(url);
    await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('wrong-digest');
  });

  it('a host that forbids it', async () => {
    const url = publish('/resumable/private.bin', 'six', {...TEXT, 'cache-control': 'no-store'});
    await loadInPage(url);
    await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('no-store');
  });

  it.each(['guarded', 'scoped/v1'])('the browser has no room: %s', async (folder) => {
    const url = publish(`/${folder}/large.bin`, 'x'.repeat(3_000_000));
    await stage.browser.setQuota(stage.app, 1_000_000);
    await loadInPage(url);
    await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('quota-exceeded');
    expect((await explain(url)).sentences[0]).toContain('Delete other data of the site');
  });

  it.each(['guarded', 'scoped/v1'])('the connection broke: %s', async (folder) => {
    const url = publish(`/${folder}/cut.bin`, 'x'.repeat(300_000));
    stage.origins.fault({match: `/${folder}/cut.bin`, kind: 'cut', afterBytes: 100_000});
    await loadInPage(url);
    await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('body-incomplete');
  });

  it('a redirect to a page for signing in, and code that was redirected', async () => {
    const url = publish('/scoped/v1/settings.bin', '', {location: '/sign-in.html?next=1'});
    publish('/sign-in.html', '<!doctype html>', {'content-type': 'text/html'});
    await loadInPage(url);
    await expect.poll(async () => (await explain(url)).refusal?.reason).toMatch(/html|redirected/);
    const code = publish('/scoped/v1/code.js', '', {location: '/elsewhere/code.js'});
    publish('/elsewhere/code.js', 'void 0', {'content-type': 'text/javascript'});
    await loadInPage(code);
    await expect.poll(async () => (await explain(code)).refusal?.reason).toBe('redirected-code');
  });

  it('is forgotten when the file is stored', async () => {
    const url = urlOf('/guarded/late.bin');
    await loadInPage(url);
    await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('status');
    publish('/guarded/late.bin', 'six');
    expect((await loadAndExplain(url)).refusal).toBeNull();
  });

  it('a line without a current version', async () => {
    const {release, sentences} = await explain(urlOf('/scoped/one.bin'));
    expect(release).toEqual({line: 'scoped', version: null, state: null, current: null});
    expect(sentences[0]).toContain('Stage a version and switch to it');
  });

  it('a version that is not current', async () => {
    await loadAndExplain(publish('/scoped/v1/one.bin', 'six'));
    await page.evaluate(() => holdfast.line('scoped').switchTo('v1'));
    const {stored, release, sentences} = await explain(urlOf('/scoped/v2/one.bin'));
    expect(stored).toBeNull();
    expect(release).toEqual({line: 'scoped', version: 'v2', state: 'other', current: 'v1'});
    expect(sentences.join(' ')).toContain("'v1' is current. The next request for this URL fetches it");
  });

  it('everything was turned off', async () => {
    const url = urlOf('/guarded/one.bin');
    await page.evaluate(() => holdfast.turnOff());
    const {isTurnedOff, sentences} = await explain(url);
    expect(isTurnedOff).toBe(true);
    expect(sentences[0]).toContain('Call register() to turn it on again.');
  });
});

describe('the route', () => {
  it('of no kind', async () => {
    const {route, missed, sentences} = await explain(urlOf('/unknown/one.bin'));
    expect([route, missed]).toEqual([null, []]);
    expect(sentences[0]).toContain('Register a route that matches it.');
  });

  it('has a RegExp that does not match from the start of another origin’s URL', async () => {
    const url = `${stage.origins.origin.cors}/inside/one.bin`;
    const {route, missed, sentences} = await explain(url);
    expect([route, missed]).toEqual([null, [{index: 6, because: 'origin', takes: []}]]);
    expect(sentences[0]).toContain('it must match from the first character: begin it with `^https:');
    // It does on the page's own origin.
    expect((await explain(urlOf('/inside/one.bin'))).route?.index).toBe(6);
  });

  it('takes other destinations', async () => {
    const url = urlOf('/pictures/one.png');
    const {route, missed} = await explain(url);
    expect([route, missed]).toEqual([null, [{index: 7, because: 'destination', takes: ['image']}]]);
    expect((await explain(url, {destination: 'image'})).route?.cacheName).toBe('pictures');
  });

  it('takes navigations', async () => {
    expect((await explain(urlOf('/pages/one'), {destination: 'document'})).route?.cacheName).toBe('pages');
  });

  it('takes another method', async () => {
    const {missed} = await page.evaluate(
      (url) => holdfast.explain(new Request(url, {method: 'PUT'})),
      urlOf('/guarded/one.bin'),
    );
    expect(missed).toContainEqual({index: 3, because: 'method', takes: ['GET']});
  });

  it('is answered by a function', async () => {
    const {route, stored, sentences} = await explain(urlOf('/function/one.bin'));
    expect([route?.isFunction, stored]).toEqual([true, null]);
    expect(sentences.join(' ')).toContain('a function answers');
  });

  it('has none of our plugins', async () => {
    const {stored, sentences} = await loadAndExplain(publish('/workbox/one.bin', 'six'));
    expect(stored?.cacheName).toBe('workbox');
    expect(sentences.join(' ')).toContain('none of our plugins');
  });
});

describe('the page', () => {
  it('has no worker', async () => {
    await stage.reset();
    page = await stage.openPage();
    const {isControlled, sentences} = await explain('/guarded/one.bin');
    expect(isControlled).toBe(false);
    expect(sentences).toEqual([
      'No service worker is registered for this page, so nothing is stored. Call register() first.',
    ]);
  });

  it('is out of the scope of the worker', async () => {
    await stage.reset();
    page = await stage.openPage();
    stage.origins.app.set('/deep/worker.js', 'self.skipWaiting();');
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/deep/worker.js');
    });
    expect((await explain('/guarded/one.bin')).sentences[0]).toContain(
      `The scope of the registered one is '${stage.app}/deep/'`,
    );
  });

  it('was loaded past the worker, as by a hard reload', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Page.enable');
    const loaded = page.waitForEvent('load');
    await session.send('Page.reload', {ignoreCache: true});
    await loaded;
    const {isControlled, route, sentences} = await explain('/guarded/one.bin');
    expect([isControlled, route?.index]).toEqual([false, 3]);
    expect(sentences[0]).toContain('No worker controls this page');
  });

  it('asks about no URL, and about one that no worker gets', async () => {
    expect((await explain('https://:')).sentences).toEqual(["'https://:' is no URL. Correct it."]);
    expect((await explain('data:text/plain,one')).sentences[0]).toContain('no requests for data: URLs');
  });

  it('has a worker without inspection()', async () => {
    await stage.reset();
    page = await stage.openControlledPage('assets');
    await expect(explain('/guarded/one.bin')).rejects.toThrow('add `inspection: true` to withHoldfast()');
  });
});

it('names the Content Security Policy that blocks the worker', async () => {
  await stage.reset();
  page = await stage.openControlledPage('policed');
  const url = `${stage.origins.origin.cors}/script.js`;
  await loadInPage(url);
  await expect.poll(async () => (await explain(url)).isBlocked).toBe(true);
  expect((await explain(url)).sentences[0]).toContain('Add the host to connect-src');
});

it('shows no secrets', async () => {
  const secret = 'c2VjcmV0LXRva2VuLTEyMzQ1Njc4OTA';
  const url = `${urlOf('/resumable/missing.bin')}?token=${secret}`;
  await loadInPage(url);
  await expect.poll(async () => (await explain(url)).refusal?.reason).toBe('status');
  expect(JSON.stringify(await explain(url.replace('//', '//user:password@')))).not.toMatch(
    /c2VjcmV0|password/,
  );
});

it('requests nothing, and changes nothing that is stored', async () => {
  await loadAndExplain(publish('/scoped/v1/one.bin', 'six'));
  const before = await page.evaluate(() => stored());
  stage.origins.log.clear();
  for (const path of [
    '/scoped/v1/one.bin',
    '/scoped/v9/one.bin',
    '/resumable/new.bin',
    '/guarded/new.bin',
    '/workbox/new',
  ]) {
    await explain(urlOf(path));
  }
  expect(await page.evaluate(() => stored())).toEqual(before);
  expect(stage.origins.log.requests({to: 'app'})).toEqual([]);
});

it('a flood of questions harms no request', async () => {
  const url = publish('/scoped/v1/one.bin', 'six');
  const answers = await page.evaluate(async (what) => {
    const flood = Array.from({length: 500}, (_, index) => holdfast.explain(`${what}?${index}`));
    const {status} = await load(what);
    return [status, (await Promise.all(flood)).length];
  }, url);
  expect(answers).toEqual([200, 500]);
});

it('a generated worker in production explains the same', async () => {
  await stage.reset();
  stage.origins.app.set('/generated.js', await generated());
  page = await stage.openPage();
  await page.evaluate(() => holdfast.register('/generated.js'));
  const {route, release, stored} = await loadAndExplain(publish('/scoped/v1/one.bin', 'six'));
  expect(route).toEqual({
    index: 1,
    routes: 2,
    later: [],
    isFunction: false,
    cacheName: 'scoped',
    plugins: ['stableKey', 'quotaGuard', 'versionScope', 'budget'],
    isResumable: true,
    hasOtherKeys: false,
  });
  expect(release).toEqual({line: 'scoped', version: 'v1', state: 'other', current: null});
  expect(stored).toMatchObject({where: 'entry', cacheName: 'scoped-v1', bytes: 3});
  const {missed} = await explain(`${stage.origins.origin.cors}/inside/one.bin`);
  expect(missed).toEqual([{index: 2, because: 'origin', takes: []}]);
  const missing = urlOf('/scoped/v1/missing.bin');
  await loadInPage(missing);
  await expect.poll(async () => (await explain(missing)).refusal?.status).toBe(404);
});

it('a development build says the same in the console, once for each URL', async () => {
  await stage.reset();
  page = await stage.openPage();
  const lines: string[] = [];
  page.context().on('console', (message: ConsoleMessage) => void lines.push(message.text()));
  await page.evaluate(() => holdfast.register('/inspected-development.js'));
  const url = publish('/guarded/model.wasm', '{}', {'content-type': 'application/json'});
  const other = `${stage.origins.origin.cors}/inside/one.bin`;
  for (let times = 0; times < 2; times += 1) {
    await loadInPage(url);
    await loadInPage(other);
  }
  const [refused = '', missed = ''] = [
    (await explain(url)).sentences[0],
    (await explain(other)).sentences[0],
  ];
  const said = (sentence: string) => lines.filter((line) => line.includes(sentence)).length;
  await expect.poll(() => [said(refused), said(missed)]).toEqual([1, 1]);
});
