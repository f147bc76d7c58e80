/** `download()` of `@holdfast/window`: the worker stores a file, over cuts, kills and pauses. */
import {createHash} from 'node:crypto';
import type {DownloadError, DownloadProgress, DownloadReport} from '@holdfast/window';
import type {JSHandle, Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {seededBody} from '../origins/content/seededBody.ts';
import {seededBytes} from '../origins/content/seededBytes.ts';
import type {LogEntry} from '../origins/startOrigins.ts';

const MODEL = 'de-de/v0.6.0/model.onnx';
const CACHE = 'models-de-de-v0.6.0';
const PIECE = 65_536;
/** Where connections stall, and how many pieces are complete there. */
const REACHED = 1_000_000;
const PIECES_REACHED = Math.floor(REACHED / PIECE);
/** Headers of a host that answers ranges. */
const RESUMABLE = {etag: '"one"', 'accept-ranges': 'bytes'};

let stage: Stage;
let page: Page;
let model: string;

beforeAll(async () => {
  stage = await openSharedStage(['downloads', 'large']);
  model = stage.assetUrl(MODEL);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

/** Of a page or a worker, in bytes. https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-getHeapUsage */
interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize: number;
  /** Of array buffers, for example. */
  backingStorageSize: number;
}

/** How a download ended. */
interface Ended {
  report?: DownloadReport;
  error?: Partial<DownloadError>;
}

/** A download in a page. */
interface Running {
  pause(): void;
  resume(): void;
  abort(): void;
  progress: DownloadProgress[];
  ended: Promise<Ended>;
}

const start = (
  where: Page,
  url: string,
  options: {timeoutSeconds?: number} = {},
): Promise<JSHandle<Running>> =>
  where.evaluateHandle(
    ([what, rest]): Running => {
      const controller = new AbortController();
      const progress: DownloadProgress[] = [];
      const {done, pause, resume} = holdfast.download(what, {
        signal: controller.signal,
        onProgress: (one) => progress.push(one),
        ...rest,
      });
      return {
        pause,
        resume,
        abort: () => controller.abort(new Error('closed by the user')),
        progress,
        ended: done.then(
          (report) => ({report}),
          // Playwright drops the fields of an error.
          ({name, code, reason, status, message}: DownloadError) => ({
            error: {name, code, reason, ...(status ? {status} : {}), message} as Partial<DownloadError>,
          }),
        ),
      };
    },
    [url, options] as const,
  );

const endOf = (running: JSHandle<Running>): Promise<Ended> => running.evaluate(({ended}) => ended);

const download = async (where: Page, url: string, options?: {timeoutSeconds?: number}): Promise<Ended> =>
  endOf(await start(where, url, options));

/** Run in a page, on a download. A promise that has settled wins the race. */
const isPending = ({ended}: Running): Promise<boolean> =>
  Promise.race([
    ended.then(() => false),
    new Promise<boolean>((resolve) => queueMicrotask(() => resolve(true))),
  ]);

const bytesSoFar = (running: JSHandle<Running>): Promise<number> =>
  running.evaluate(({progress}) => progress.at(-1)?.bytes ?? 0);

const everything = () => page.evaluate(() => stored());

const pieces = async (): Promise<number> =>
  Object.entries(await everything())
    .filter(([name]) => name.startsWith('holdfast-pieces '))
    .reduce((sum, [, keys]) => sum + keys.length - 1, 0);

const size = (): number => stage.file(MODEL).size;

/** Returns the requests for the model's bytes. */
const sent = (): LogEntry[] => stage.origins.log.requests({to: 'hubCdn', method: 'GET'});

const expectStored = async (): Promise<void> => {
  expect(await everything()).toEqual({[CACHE]: [model]});
  await stage.browser.clearHttpCache();
  await stage.browser.setOffline(true);
  const {sha256} = await page.evaluate((one) => load(one), model);
  expect(sha256).toBe(stage.file(MODEL).sha256);
};

const stallAt = (afterBytes: number) =>
  stage.origins.fault({match: MODEL, kind: 'stall', afterBytes, times: 1});

describe('a download', () => {
  it('is done when the file is one entry of its cache', async () => {
    expect(await download(page, model)).toEqual({report: {key: model, persisted: false}});
    await expectStored();
    expect(sent()).toHaveLength(1);
  });

  it('needs no network for a stored file', async () => {
    await download(page, model);
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    const running = await start(page, model);
    expect(await endOf(running)).toEqual({report: {key: model, persisted: false}});
    expect(await running.evaluate(({progress}) => progress)).toEqual([]);
  });

  it('reports its progress, and that it is done', async () => {
    stage.origins.fault({match: MODEL, kind: 'slow', bytesPerSecond: 1_500_000});
    // Another spelling of the same file.
    const running = await start(page, `${model}?download=true#fragment`);
    expect((await endOf(running)).report?.key).toBe(model);

    const progress = await running.evaluate((one) => one.progress);
    const soFar = progress.map(({bytes}) => bytes);
    expect(soFar.length).toBeGreaterThan(3);
    expect(soFar).toEqual([...soFar].sort((a, b) => a - b));
    expect(progress.map(({state}) => state)).toEqual([
      ...new Array(progress.length - 1).fill('running'),
      'done',
    ]);
    expect(progress.at(-1)).toMatchObject({key: model, bytes: size(), totalBytes: size(), secondsLeft: 0});
    expect(progress.some(({bytesPerSecond, secondsLeft}) => bytesPerSecond > 0 && secondsLeft)).toBe(true);
  });

  it('stores a small file', async () => {
    const url = stage.assetUrl('de-de/v0.6.0/tokenizer.model');
    expect(await download(page, url)).toEqual({report: {key: url, persisted: false}});
    expect(await everything()).toEqual({[CACHE]: [url]});
  });

  it('asks for persistent storage', async () => {
    await stage.browser.setPersistence(stage.app, 'granted');
    expect((await download(page, model)).report?.persisted).toBe(true);
    await stage.browser.setPersistence(stage.app, 'denied');
  });

  it('resumes after a cut, and each time after the worker is killed', async () => {
    // The newest rule is applied first.
    const stalls = [stallAt(300_000), stallAt(300_000)].reverse();
    stage.origins.fault({match: MODEL, kind: 'cut', afterBytes: 200_000, times: 1});
    const running = await start(page, model);
    for (const stall of stalls) {
      await stall.reached;
      await stage.browser.killWorkers();
      stall.release();
    }
    expect((await endOf(running)).report?.key).toBe(model);
    expect(sent()).toHaveLength(4);
    await expectStored();
  });

  it('requests only what was not stored when the worker was killed', async () => {
    const stall = stallAt(REACHED);
    const running = await start(page, model);
    await stall.reached;
    await expect.poll(pieces).toBeGreaterThanOrEqual(PIECES_REACHED);
    await stage.browser.killWorkers();
    stall.release();

    expect((await endOf(running)).report?.key).toBe(model);
    const [, second, ...more] = sent();
    expect(more).toEqual([]);
    expect(second).toMatchObject({status: 206});
    expect(second?.bytesSent).toBeLessThanOrEqual(size() - REACHED + PIECE);
  });

  it('counts bytes that were lost with the worker and arrive again as progress', async () => {
    const url = `${stage.app}/ordinary/lost.bin`;
    stage.origins.app.set('/ordinary/lost.bin', seededBytes('lost', 17_000_000), RESUMABLE);
    // A part of the first piece, which has 8 MiB, is lost. To fetch it again takes longer than the limit.
    stage.origins.fault({match: url, kind: 'slow', bytesPerSecond: 1_500_000});
    const stall = stage.origins.fault({match: url, kind: 'stall', afterBytes: 8_000_000, times: 1});
    const running = await start(page, url, {timeoutSeconds: 4});
    await stall.reached;
    await stage.browser.killWorkers();
    stall.release();
    expect((await endOf(running)).report?.key).toBe(url);
  });

  it('waits for the network, and resumes when it is back', async () => {
    await stage.browser.setOffline(true);
    const running = await start(page, model);
    await page.evaluate(() => holdfast.line('models-de-de').current());
    await stage.browser.setOffline(false);
    expect((await endOf(running)).report?.key).toBe(model);
  });

  it('retries when the host is overloaded', async () => {
    stage.origins.fault({match: MODEL, kind: 'status', status: 503, times: 2});
    expect((await download(page, model)).report?.key).toBe(model);
  });
});

describe('the page of a download', () => {
  it('requests nothing itself, and the worker requests the file once', async () => {
    const session = await page.context().newCDPSession(page);
    const requested: string[] = [];
    session.on('Network.requestWillBeSent', ({request}) => requested.push(request.url));
    await session.send('Network.enable');
    expect((await download(page, model)).report?.key).toBe(model);
    expect(sent()).toHaveLength(1);

    // Events of the protocol come in order: this request of the page is reported after all others.
    await page.evaluate(() => load('/page.js'));
    await expect.poll(() => requested).toContain(`${stage.app}/page.js`);
    expect(requested).toEqual([`${stage.app}/page.js`]);
  });

  it('takes no memory for the bytes', async () => {
    const bytes = 64 * 1024 * 1024;
    const url = `${stage.app}/ordinary/flat.bin`;
    stage.origins.app.set('/ordinary/flat.bin', seededBody('flat', bytes), RESUMABLE);
    const session = await page.context().newCDPSession(page);
    const memory = async (): Promise<number> => {
      const usage = (await session.send('Runtime.getHeapUsage')) as HeapUsage;
      return usage.usedSize + usage.embedderHeapUsedSize + usage.backingStorageSize;
    };
    const before = await memory();
    let highest = before;
    let isOver = false;
    const running = await start(page, url);
    const ended = endOf(running).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      highest = Math.max(highest, await memory());
    }
    expect((await ended).report?.key).toBe(url);
    expect(highest - before).toBeLessThan(bytes / 8);
  });
});

describe('a pause', () => {
  it('stops the download, which then resumes from what is stored', async () => {
    const stall = stallAt(REACHED);
    const running = await start(page, model, {timeoutSeconds: 5});
    await stall.reached;
    await expect.poll(pieces).toBeGreaterThanOrEqual(PIECES_REACHED);
    await running.evaluate((one) => one.pause());
    await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
    stall.release();
    // A second pause changes nothing.
    await running.evaluate((one) => one.pause());
    expect(sent()).toHaveLength(1);

    await running.evaluate((one) => one.resume());
    expect((await endOf(running)).report?.key).toBe(model);
    expect(sent()[1]?.bytesSent).toBeLessThanOrEqual(size() - REACHED + PIECE);
    await expectStored();
  });

  it('that ends at once changes nothing', async () => {
    const running = await start(page, model);
    await running.evaluate(({pause, resume}) => {
      for (let times = 0; times < 3; times++) {
        pause();
        resume();
      }
    });
    expect((await endOf(running)).report?.key).toBe(model);
  });

  it('does not count towards the time limit, and ends with an abort', async () => {
    const stall = stallAt(300_000);
    const running = await start(page, model, {timeoutSeconds: 60});
    await stall.reached;
    await running.evaluate(({pause}) => pause());
    await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
    stall.release();
    await page.evaluate(() => elapse(600_000));
    expect(await running.evaluate(isPending)).toBe(true);
    const requests = sent();
    await running.evaluate(({abort}) => abort());
    expect((await endOf(running)).error?.message).toBe('closed by the user');

    // Nothing continues in the background: a download that starts later goes through the same steps.
    const small = `${stage.app}/ordinary/small.bin`;
    stage.origins.app.set('/ordinary/small.bin', seededBytes('small', 1000), RESUMABLE);
    expect((await endOf(await start(page, small))).report?.key).toBe(small);
    expect(sent()).toEqual(requests);
  });

  it('in one page does not stop the download in another', async () => {
    const second = await stage.openPage();
    stage.origins.fault({match: MODEL, kind: 'slow', bytesPerSecond: 600_000});
    const [paused, other] = [await start(page, model), await start(second, model)];
    await expect.poll(() => bytesSoFar(paused)).toBeGreaterThan(0);
    await expect.poll(() => bytesSoFar(other)).toBeGreaterThan(0);
    await paused.evaluate(({pause}) => pause());

    expect((await endOf(other)).report?.key).toBe(model);
    expect(sent()).toHaveLength(1);
    await paused.evaluate(({resume}) => resume());
    expect((await endOf(paused)).report?.key).toBe(model);
    expect(sent()).toHaveLength(1);
  });
});

it('an abort rejects with its reason, and the next download resumes', async () => {
  const stall = stallAt(REACHED);
  const running = await start(page, model);
  await stall.reached;
  await expect.poll(pieces).toBeGreaterThanOrEqual(PIECES_REACHED);
  await running.evaluate(({abort}) => abort());
  expect((await endOf(running)).error).toMatchObject({name: 'Error', message: 'closed by the user'});
  await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
  stall.release();

  expect((await download(page, model)).report?.key).toBe(model);
  expect(sent()[1]?.bytesSent).toBeLessThanOrEqual(size() - REACHED + PIECE);
});

it('a download resumes in a reloaded page', async () => {
  const stall = stallAt(REACHED);
  await start(page, model);
  await stall.reached;
  await expect.poll(pieces).toBeGreaterThanOrEqual(PIECES_REACHED);
  await page.reload();
  stall.release();

  expect((await download(page, model)).report?.key).toBe(model);
  const bytes = sent().reduce((sum, {bytesSent}) => sum + bytesSent, 0);
  expect(bytes).toBeLessThanOrEqual(size() + PIECE);
  await expectStored();
});

it('pages that download the same file share one request', async () => {
  const others = [await stage.openPage(), await stage.openPage()];
  stage.origins.fault({match: MODEL, kind: 'slow', bytesPerSecond: 3_000_000});
  const ends = await Promise.all([page, ...others].map((where) => download(where, model)));
  expect(ends.map(({report}) => report?.key)).toEqual([model, model, model]);
  expect(sent()).toHaveLength(1);
});

describe('a download fails', () => {
  it('with the status when the host does not have the file', async () => {
    const url = stage.assetUrl('de-de/v0.6.0/nothing.onnx');
    const {error} = await download(page, url);
    expect(error).toEqual({
      name: 'HoldfastError',
      code: 'download-failed',
      reason: 'status',
      status: 404,
      message: `${url} was not stored: its host answered with 404.`,
    });
  });

  it('when the host no longer has the file, and keeps what is stored', async () => {
    const stall = stallAt(REACHED);
    const running = await start(page, model);
    await stall.reached;
    await expect.poll(pieces).toBeGreaterThanOrEqual(PIECES_REACHED);
    const removed = stage.origins.fault({match: MODEL, kind: 'status', status: 404});
    await stage.browser.killWorkers();
    stall.release();
    expect((await endOf(running)).error).toMatchObject({reason: 'status', status: 404});

    removed();
    expect((await download(page, model)).report?.key).toBe(model);
    expect(sent().at(-1)?.bytesSent).toBeLessThanOrEqual(size() - REACHED + PIECE);
  });

  it('before the bytes arrive when there is no room for them', async () => {
    await stage.browser.setQuota(stage.app, 300_000);
    const stall = stallAt(1_100_000);
    const {error} = await download(page, model);
    expect(error).toMatchObject({code: 'download-failed', reason: 'quota-exceeded'});
    expect(error?.message).toBe(`${model} was not stored: the browser has no room for it.`);
    await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
    stall.release();
  });

  it.each([
    ['no route answers the URL', '/unrouted/data.bin'],
    ['a route without ResumableCacheFirst answers the URL', '/whole/data.bin'],
  ])('when %s', async (_, path) => {
    stage.origins.app.set(path, seededBytes(path, 1000));
    const {error} = await download(page, `${stage.app}${path}?token=secret`);
    expect(error).toMatchObject({name: 'HoldfastError', code: 'refused'});
    expect(error?.message).toContain('ResumableCacheFirst');
    expect(error?.message).toContain(`${stage.app}${path}`);
    expect(error?.message).not.toContain('secret');
  });

  it('when a plugin refuses the file', async () => {
    stage.origins.app.set('/refused/data.bin', seededBytes('refused', 1000));
    const {error} = await download(page, `${stage.app}/refused/data.bin?token=secret`);
    expect(error).toMatchObject({code: 'download-failed', reason: 'refused'});
    expect(error?.message).toContain(`${stage.app}/refused/data.bin`);
  });

  it('at the time limit when nothing arrives, and its request is aborted', async () => {
    const stall = stallAt(REACHED);
    const running = await start(page, model);
    await stall.reached;
    await expect.poll(() => bytesSoFar(running)).toBeGreaterThan(0);
    await page.evaluate(() => elapse(60_000));
    const {error} = await endOf(running);
    expect(error).toMatchObject({code: 'timeout', message: `Waited 60 s for ${model} to make progress.`});
    await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
    stall.release();
  });

  it('at the time limit when there is no network', async () => {
    await stage.browser.setOffline(true);
    const {error} = await download(page, model, {timeoutSeconds: 2});
    expect(error).toMatchObject({
      code: 'timeout',
      message:
        `Waited 2 s for ${model} to make progress ` +
        '(the last time, its host cannot be reached, or does not allow this site to read it).',
    });
  });

  it('when the worker lacks the feature, with what to add', async () => {
    await page.evaluate(() => holdfast.register('/large.js'));
    const {error} = await download(page, model);
    expect(error).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /^The service worker does not support HOLDFAST_DOWNLOAD: add .*`downloads\(\)` to the features/,
      ),
    });
  });

  it('on a page without a worker', async () => {
    await stage.reset();
    const {error} = await download(await stage.openPage(), model);
    expect(error).toMatchObject({
      code: 'no-worker',
      message: 'No service worker controls this page. Call register() first.',
    });
  });
});

/**
 * Chromium ends an event that takes longer than five minutes, and its connections: `HOLDFAST_DOWNLOAD_SECONDS=360` is for
 * the long run of the tests.
 */
const SECONDS = Number(process.env.HOLDFAST_DOWNLOAD_SECONDS ?? 8);

it(
  'a long download is stored',
  async () => {
    const bytes = seededBytes('ordinary', 64 * 1024 * 1024);
    const url = `${stage.app}/ordinary/data.bin`;
    stage.origins.app.set('/ordinary/data.bin', bytes, RESUMABLE);
    stage.origins.fault({match: url, kind: 'slow', bytesPerSecond: bytes.length / SECONDS});
    const startedAt = performance.now();
    const {report, error} = await download(page, url);
    const seconds = (performance.now() - startedAt) / 1000;
    const requests = stage.origins.log.requests({to: 'app', path: '/ordinary/data.bin'});
    console.info(
      `${Math.round(seconds)} s, in ${requests.length} requests:`,
      requests.map(({range, status, bytesSent, ended}) => ({range, status, bytesSent, ended})),
    );
    expect(error).toBeUndefined();
    expect(report?.key).toBe(url);
    expect(seconds).toBeGreaterThan(SECONDS - 1);

    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    const {sha256} = await page.evaluate((one) => load(one), url);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  },
  60_000 + 3000 * SECONDS,
);
