/** A large file of a release: a stage resumes it, pages read it meanwhile, and its pieces are deleted with its release. */
import {createHash} from 'node:crypto';
import type {StageError, StageResult} from '@holdfast/window';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {seededBytes} from '../origins/content/seededBytes.ts';

const LINE = 'models';
const MEBIBYTE = 1024 * 1024;
/** Three pieces, and a part of a fourth. */
const SIZE = 26 * MEBIBYTE;
const PIECE = 8 * MEBIBYTE;
/** Where connections stall: two pieces are complete, and a part of the third has arrived. */
const REACHED = 18 * MEBIBYTE;

const MODELS = {v1: seededBytes('a large model', SIZE), v2: seededBytes('another one', SIZE)};
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const SHA256 = {v1: sha256Of(MODELS.v1), v2: sha256Of(MODELS.v2)};

/** A small file of the release v2. */
const LABELS = '/models/v2/labels.bin';

type Version = keyof typeof MODELS;

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['stagedLarge']);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  for (const [version, bytes] of Object.entries(MODELS)) {
    stage.origins.app.set(`/models/${version}/model.bin`, bytes, {etag: '"one"', 'accept-ranges': 'bytes'});
  }
  stage.origins.app.set(LABELS, 'places', {'content-type': 'application/octet-stream'});
  page = await stage.openControlledPage();
});

const urlOf = (version: Version): string => `${stage.app}/models/${version}/model.bin`;

/** Stages a version, and returns how that ends. @param hex the digest in the manifest. */
const stageIn = (
  where: Page,
  version: Version,
  hex = SHA256[version],
): Promise<StageResult | Partial<StageError>> =>
  where.evaluate(
    async ([line, name, url, size, digest]) => {
      const controller = new AbortController();
      addEventListener('abort-stage', () => controller.abort(new Error('closed by the user')));
      const manifest = {assets: [{url, size, digest: {algorithm: 'sha256' as const, hex: digest}}]};
      return holdfast
        .line(line)
        .stage(name, {manifest, signal: controller.signal})
        .catch(
          // Playwright drops the fields of an error.
          ({code, message, failures}: StageError) => ({code, message, failures}),
        );
    },
    [LINE, version, urlOf(version), SIZE, hex] as const,
  );

const requests = () =>
  stage.origins.log
    .requests({to: 'app', path: /model\.bin/})
    .map(({range, status, bytesSent}) => ({range, status, bytesSent}));

const storedIn = (where: Page) => where.evaluate(() => stored());

const pieces = async (version: Version): Promise<string[]> =>
  ((await storedIn(page))[`holdfast-pieces models-${version} ${urlOf(version)}`] ?? []).map(
    (url) => new URL(url).pathname,
  );

const stall = (version: Version) =>
  stage.origins.fault({match: `/models/${version}/model.bin`, kind: 'stall', afterBytes: REACHED, times: 1});

/** Waits until two pieces are stored. */
const whenTwoAreStored = (version: Version) =>
  expect
    .poll(() => pieces(version))
    .toEqual(expect.arrayContaining([`/0-${PIECE}`, `/${PIECE}-${2 * PIECE}`]));

const loadIn = (where: Page, version: Version) =>
  where.evaluate(
    (url) =>
      load(url).then(
        (answer) => answer.sha256,
        () => 'a network error',
      ),
    urlOf(version),
  );

describe('a stage of a large file', () => {
  it('leaves one ordinary entry, and no pieces', async () => {
    expect(await stageIn(page, 'v1')).toMatchObject({bytes: {fetched: SIZE}, damaged: []});
    await expect.poll(() => storedIn(page)).toEqual({'models-v1': [urlOf('v1')]});
    expect(requests()).toHaveLength(1);
    await stage.browser.setOffline(true);
    expect(await loadIn(page, 'v1')).toBe(SHA256.v1);
  });

  it('resumes after a connection is cut', async () => {
    stage.origins.fault({match: 'model.bin', kind: 'cut', afterBytes: REACHED, times: 1});
    expect(await stageIn(page, 'v1')).toMatchObject({bytes: {fetched: SIZE}});
    expect(requests().map(({status}) => status)).toEqual([200, 206]);
  });

  it('resumes after the worker is killed', async () => {
    const stalled = stall('v1');
    const other = await stage.openPage();
    const staging = stageIn(other, 'v1').catch(() => 'closed');
    await stalled.reached;
    await whenTwoAreStored('v1');
    await stage.browser.killWorkers();
    // That page would start the stage again.
    await other.close();
    await staging;
    await stage.origins.log.settled();
    stalled.release();
    expect(await stageIn(page, 'v1')).toMatchObject({bytes: {fetched: SIZE}});
    expect(requests().at(-1)).toMatchObject({status: 206, range: `bytes=${2 * PIECE}-${SIZE - 1}`});
  });

  it('resumes after an abort', async () => {
    const stalled = stall('v1');
    const staging = stageIn(page, 'v1');
    await stalled.reached;
    await whenTwoAreStored('v1');
    await page.evaluate(() => dispatchEvent(new Event('abort-stage')));
    expect(await staging).toMatchObject({message: expect.stringContaining('closed by the user')});
    await stage.origins.log.settled();
    stalled.release();
    expect(await stageIn(page, 'v1')).toMatchObject({bytes: {fetched: SIZE}});
    expect(requests().at(-1)).toMatchObject({status: 206});
    expect(requests().at(-1)?.bytesSent).toBeLessThanOrEqual(SIZE - 2 * PIECE);
  });

  it('resumes from what a page has fetched', async () => {
    const stalled = stall('v1');
    const other = await stage.openPage();
    const loading = loadIn(other, 'v1').catch(() => 'closed');
    await stalled.reached;
    await whenTwoAreStored('v1');
    await other.close();
    await loading;
    await stage.origins.log.settled();
    stalled.release();
    expect(await stageIn(page, 'v1')).toMatchObject({bytes: {fetched: SIZE}});
    expect(requests().at(-1)).toMatchObject({status: 206});
    expect(requests().at(-1)?.bytesSent).toBeLessThanOrEqual(SIZE - 2 * PIECE);
  });

  it('shares its request with a page that fetches the file meanwhile', async () => {
    const stalled = stall('v1');
    const staging = stageIn(page, 'v1');
    await stalled.reached;
    await whenTwoAreStored('v1');
    const other = await stage.openPage();
    const read = await other.evaluateHandle(async (url) => {
      const reader = (await fetch(url)).body?.getReader();
      const take = async (count: number): Promise<number> => {
        let size = 0;
        for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
          size += next.value.byteLength;
          if (size >= count) {
            break;
          }
        }
        return size;
      };
      const first = await take(17 * 1024 * 1024);
      return {first, rest: () => take(Number.POSITIVE_INFINITY)};
    }, urlOf('v1'));
    const first = await read.evaluate((one) => one.first);
    expect(first).toBeGreaterThanOrEqual(17 * MEBIBYTE);
    stalled.release();
    expect(first + (await read.evaluate((one) => one.rest()))).toBe(SIZE);
    expect(await staging).toMatchObject({bytes: {fetched: SIZE}});
    expect(requests()).toHaveLength(1);
    await expect.poll(() => storedIn(page)).toEqual({'models-v1': [urlOf('v1')]});
  });

  it('stores no wrong bytes', async () => {
    const end = await stageIn(page, 'v1', '0'.repeat(64));
    expect(end).toMatchObject({failures: [{key: urlOf('v1'), reason: 'wrong-digest'}]});
    // Once more with `cache: 'reload'`.
    expect(requests().map(({range}) => range)).toEqual([undefined, undefined]);
    expect(await pieces('v1')).toEqual([]);
  });
});

describe('a page that is loading the file', () => {
  it.each([
    ['everything is turned off', () => page.evaluate(() => holdfast.turnOff().then(() => undefined)), {}],
    [
      'its release is evicted',
      async () => {
        await page.evaluate((url) => fetch(url).then((response) => response.text()), LABELS);
        await expect.poll(async () => (await storedIn(page))['models-v2']).toHaveLength(1);
        await page.evaluate((line) => holdfast.line(line).switchTo('v2', {evictNow: true}), LINE);
      },
      {'models-v2': [expect.stringMatching(LABELS)]},
    ],
  ])('gets its bytes when %s meanwhile, and nothing of it is stored', async (_what, act, left) => {
    const stalled = stall('v1');
    const loading = loadIn(page, 'v1');
    await stalled.reached;
    await whenTwoAreStored('v1');
    await act();
    stalled.release();
    expect(await loading).toBe(SHA256.v1);
    await expect.poll(() => storedIn(page)).toEqual(left);
  });
});

describe('pieces of a release', () => {
  beforeEach(async () => {
    await stageIn(page, 'v1');
    const stalled = stall('v2');
    const staging = stageIn(page, 'v2');
    await stalled.reached;
    await whenTwoAreStored('v2');
    await page.evaluate(() => dispatchEvent(new Event('abort-stage')));
    await staging;
    stalled.release();
  });

  it('stay as long as its stage may resume', async () => {
    await page.evaluate((line) => holdfast.line(line).switchTo('v1'), LINE);
    await stage.browser.killWorkers();
    expect(await loadIn(page, 'v1')).toBe(SHA256.v1);
    expect(await pieces('v2')).not.toEqual([]);
  });

  it('are deleted when it is evicted', async () => {
    await page.evaluate((line) => holdfast.line(line).switchTo('v1', {evictNow: true}), LINE);
    await expect.poll(() => storedIn(page)).toEqual({'models-v1': [urlOf('v1')]});
  });

  it('are deleted when everything is turned off, and no more are stored', async () => {
    await page.evaluate(() => holdfast.turnOff());
    await expect.poll(() => storedIn(page)).toEqual({});
    expect(await loadIn(page, 'v1')).toBe(SHA256.v1);
    expect(await storedIn(page)).toEqual({});
  });
});
