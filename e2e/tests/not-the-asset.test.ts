/** What is not the asset is not stored as it, whatever stores it, and the reason is reported. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import type {AppFile} from '../origins/startOrigins.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['assets']);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const publish = (path: string, body: AppFile, headers: Record<string, string>) =>
  stage.origins.app.set(path, body, headers);

const loadInPage = (path: string) => page.evaluate((url) => load(url), stage.app + path);

const reasons = () =>
  page.evaluate(() =>
    events.filter(({type}) => type === 'RESPONSE_REFUSED').map(({payload}) => payload.reason as string),
  );

const entries = async (): Promise<string[]> => Object.values(await page.evaluate(() => stored())).flat();

const PAGE = '<!doctype html><title>Not it</title>';
const HTML = {'content-type': 'text/html; charset=utf-8'};

const CASES: [reason: string, name: string, body: string, headers: Record<string, string>][] = [
  ['html', 'config.json', PAGE, HTML],
  ['html', 'model.onnx', PAGE, HTML],
  ['wrong-type', 'model.safetensors', '{"error":"busy"}', {'content-type': 'application/json'}],
  ['wrong-type', 'runtime.wasm', '<Error/>', {'content-type': 'application/xml'}],
  ['empty', 'weights.bin', '', {}],
  ['empty', 'chunked.bin', '', {}],
  ['endless', 'radio.mp3', 'sound', {'content-type': 'audio/mpeg'}],
];

describe.each([
  ['CacheFirst with all plugins', 'guarded/v1'],
  ['CacheFirst with the guard alone', 'guard-only'],
  ['CacheFirst with a version scope alone', 'scoped/v1'],
  ['ResumableCacheFirst', 'plain'],
])('%s', (_what, folder) => {
  it.each(CASES)('refuses what is %s: %s', async (reason, name, body, headers) => {
    const path = `/${folder}/${name}`;
    publish(path, body, headers);
    if (/radio|chunked/.test(name)) {
      stage.origins.fault({match: path, kind: 'wrong-length', declared: 'absent'});
    }
    expect(await loadInPage(path)).toMatchObject({status: 200, size: body.length});
    await expect.poll(reasons).toEqual([reason]);
    expect(await entries()).toEqual([]);
    // The asset itself is stored when it is there.
    stage.origins.clearFaults();
    publish(path, 'the asset', {'content-type': 'application/octet-stream'});
    await loadInPage(path);
    await expect.poll(entries).toEqual([stage.app + path]);
  });

  it('refuses a redirect to a page for signing in', async () => {
    const path = `/${folder}/settings.html`;
    publish(path, '', {location: '/sign-in.html?next=1'});
    publish('/sign-in.html', PAGE, HTML);
    expect(await loadInPage(path)).toMatchObject({status: 200, redirected: true});
    await expect.poll(reasons).toEqual(['redirected']);
    expect(await entries()).toEqual([]);
  });

  it('stores HTML under a name that says so', async () => {
    const path = `/${folder}/page.html`;
    publish(path, PAGE, HTML);
    await loadInPage(path);
    await expect.poll(entries).toEqual([stage.app + path]);
    expect(await reasons()).toEqual([]);
  });
});

it('large HTML is not downloaded in pieces', async () => {
  publish('/plain/large.json', PAGE.padEnd(900_000), {...HTML, etag: '"1"'});
  expect((await loadInPage('/plain/large.json')).size).toBe(900_000);
  await expect.poll(reasons).toEqual(['html']);
  expect(await entries()).toEqual([]);
});

it('a route that says so stores HTML of any name', async () => {
  publish('/html/v1/fragment', PAGE, HTML);
  await loadInPage('/html/v1/fragment');
  await expect.poll(entries).toEqual([`${stage.app}/html/v1/fragment`]);
});

it('nobody waits for the end of an endless answer', async () => {
  const path = '/guarded/v1/radio.mp3';
  publish(path, 'x'.repeat(200_000), {'content-type': 'audio/mpeg'});
  stage.origins.fault({match: path, kind: 'wrong-length', declared: 'absent', times: 1});
  const first = page.evaluate(async (url) => {
    const {body} = await fetch(url);
    await body?.cancel();
    return 'left';
  }, stage.app + path);
  expect(await first).toBe('left');
  await expect.poll(reasons).toEqual(['endless']);
  expect((await loadInPage(path)).size).toBe(200_000);
});

it('a stage fails with the reason', async () => {
  publish('/scoped/v2/config.json', PAGE, HTML);
  const failure = await page.evaluate(
    (url) =>
      holdfast
        .line('scoped')
        .stage('v2', {manifest: {assets: [{url, size: 36}]}})
        .then(
          () => undefined,
          (error) => error.message,
        ),
    `${stage.app}/scoped/v2/config.json`,
  );
  expect(failure).toContain('it is HTML');
  expect(await entries()).toEqual([]);
});

it('a download fails with the reason', async () => {
  publish('/plain/weights.onnx', '{"error":"busy"}', {'content-type': 'application/problem+json'});
  const failure = await page.evaluate(
    (url) =>
      holdfast.download(url).done.then(
        () => undefined,
        (error) => error.message,
      ),
    `${stage.app}/plain/weights.onnx`,
  );
  expect(failure).toContain('its media type does not fit');
});
