/** A file that a page has brought in by `download()` of `@holdfast/window`, whatever comes between. */
import {createHash} from 'node:crypto';
import type {DownloadError, DownloadProgress, DownloadReport} from '@holdfast/window';
import type {JSHandle, Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openStage, type Stage} from '../harness/openStage.ts';
import {seededBytes} from '../origins/content/seededBytes.ts';
import type {LogEntry} from '../origins/startOrigins.ts';

const MODEL = 'de-de/v0.6.0/model.onnx';
const CACHE = 'models-de-de-v0.6.0';
const PIECE = 65_536;
/** Headers of a host that answers ranges of a file. */
const RESUMABLE = {etag: '"one"', 'accept-ranges': 'bytes'};

let stage: Stage;
let page: Page;
let model: string;

beforeAll(async () => {
  stage = await openStage(['downloads', 'large']);
  model = stage.assetUrl(MODEL);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

/** How a download ends. */
interface Ended {
  report?: DownloadReport;
  error?: Partial<DownloadError>;
}

/** A download in a page. */
interface Begun {
  pause(): void;
  resume(): void;
  abort(): void;
  progress: DownloadProgress[];
  ended: Promise<Ended>;
}

const begin = (where: Page, url: string, options: {timeoutSeconds?: number} = {}): Promise<JSHandle<Begun>> =>
  where.evaluateHandle(
    ([what, rest]): Begun => {
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
        abort: () => controller.abort(new Error('not wanted any more')),
        progress,
        ended: done.then(
          (report) => ({report}),
          // An error loses its fields on the way out of the page.
          ({name, code, reason, status, message}: DownloadError) => ({
            error: {name, code, reason, ...(status ? {status} : {}), message} as Partial<DownloadError>,
          }),
        ),
      };
    },
    [url, options] as const,
  );

const endOf = (begun: JSHandle<Begun>): Promise<Ended> => begun.evaluate(({ended}) => ended);

const download = async (where: Page, url: string, options?: {timeoutSeconds?: number}): Promise<Ended> =>
  endOf(await begin(where, url, options));

const bytesSoFar = (begun: JSHandle<Begun>): Promise<number> =>
  begun.evaluate(({progress}) => progress.at(-1)?.bytes ?? 0);

const everything = () => page.evaluate(() => stored());

const pieces = async (): Promise<number> =>
  Object.entries(await everything())
    .filter(([name]) => name.startsWith('holdfast-large-files '))
    .reduce((sum, [, keys]) => sum + keys.length - 1, 0);

const size = (): number => stage.file(MODEL).size;

/** Requests for the model's bytes. */
const sent = (): LogEntry[] => stage.origins.log.requests({to: 'hubCdn', method: 'GET'});

const isThereWithoutNetwork = async (): Promise<void> => {
  expect(await everything()).toEqual({[CACHE]: [model]});
  await stage.browser.clearHttpCache();
  await stage.browser.setOffline(true);
  const {sha256} = await page.evaluate((one) => load(one), model);
  expect(sha256).toBe(stage.file(MODEL).sha256);
};

const stallAt = (afterBytes: number) =>
  stage.origins.fault({match: MODEL, kind: 'stall', afterBytes, times: 1});

describe('a download', () => {
  it('is done when the file is an entry, not before', async () => {
    expect(await download(page, model)).toEqual({report: {key: model, persisted: false}});
    await isThereWithoutNetwork();
    expect(sent()).toHaveLength(1);
  });

  it('of a file that is stored needs no network', async () => {
    await download(page, model);
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    const begun = await begin(page, model);
    expect(await endOf(begun)).toEqual({report: {key: model, persisted: false}});
    expect(await begun.evaluate(({progress}) => progress)).toEqual([]);
  });

  it('tells how far it is, and at last that it is done', async () => {
    stage.origins.fault({match: MODEL, kind: 'slow', bytesPerSecond: 1_500_000});
    // Which is the same file, and no secret of anybody's.
    const begun = await begin(page, `${model}?download=true#fragment`);
    expect((await endOf(begun)).report?.key).toBe(model);

    const progress = await begun.evaluate((one) => one.progress);
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

  it('of a small file is done when that is stored', async () => {
    const url = stage.assetUrl('de-de/v0.6.0/tokenizer.model');
    expect(await download(page, url)).toEqual({report: {key: url, persisted: false}});
    expect(await everything()).toEqual({[CACHE]: [url]});
  });

  it('asks for persistent storage', async () => {
    await stage.browser.setPersistence(stage.app, 'granted');
    expect((await download(page, model)).report?.persisted).toBe(true);
    await stage.browser.setPersistence(stage.app, 'denied');
  });

  it('goes on over cuts, and over the death of the worker, again and again', async () => {
    // The newest rule comes first.
    const stalls = [stallAt(300_000), stallAt(300_000)].reverse();
    stage.origins.fault({match: MODEL, kind: 'cut', afterBytes: 200_000, times: 1});
    const begun = await begin(page, model);
    for (const stall of stalls) {
      await stall.reached;
      await stage.browser.killWorkers();
      stall.release();
    }
    expect((await endOf(begun)).report?.key).toBe(model);
    expect(sent()).toHaveLength(4);
    await isThereWithoutNetwork();
  });

  it('asks again only for what is not stored yet when the worker was killed', async () => {
    const stall = stallAt(1_000_000);
    const begun = await begin(page, model);
    await stall.reached;
    await expect.poll(pieces).toBeGreaterThan(10);
    await stage.browser.killWorkers();
    stall.release();

    expect((await endOf(begun)).report?.key).toBe(model);
    const [, second, ...more] = sent();
    expect(more).toEqual([]);
    expect(second).toMatchObject({status: 206});
    expect(second?.bytesSent).toBeLessThanOrEqual(size() - 1_000_000 + PIECE);
  });

  it('counts it as progress when bytes come again that were lost with the worker', async () => {
    const url = `${stage.app}/ordinary/lost.bin`;
    stage.origins.app.set('/ordinary/lost.bin', seededBytes('lost', 17_000_000), RESUMABLE);
    // Of the first piece, of 8 MiB, not all: it is lost. It takes longer than the limit to come again.
    stage.origins.fault({match: url, kind: 'slow', bytesPerSecond: 1_500_000});
    const stall = stage.origins.fault({match: url, kind: 'stall', afterBytes: 8_000_000, times: 1});
    const begun = await begin(page, url, {timeoutSeconds: 4});
    await stall.reached;
    await stage.browser.killWorkers();
    stall.release();
    expect((await endOf(begun)).report?.key).toBe(url);
  });

  it('waits for the network, and goes on when it is back', async () => {
    await stage.browser.setOffline(true);
    const begun = await begin(page, model);
    await page.evaluate(() => holdfast.currentVersion('models-de-de'));
    await stage.browser.setOffline(false);
    expect((await endOf(begun)).report?.key).toBe(model);
  });

  it('asks again when the host is overloaded', async () => {
    stage.origins.fault({match: MODEL, kind: 'status', status: 503, times: 2});
    expect((await download(page, model)).report?.key).toBe(model);
  });
});

describe('a pause', () => {
  it('stops it, and to resume it is to go on from there', async () => {
    const stall = stallAt(1_000_000);
    const begun = await begin(page, model, {timeoutSeconds: 5});
    await stall.reached;
    await expect.poll(pieces).toBeGreaterThan(10);
    await begun.evaluate((one) => one.pause());
    await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
    stall.release();
    // A second one changes nothing.
    await begun.evaluate((one) => one.pause());
    expect(sent()).toHaveLength(1);

    await begun.evaluate((one) => one.resume());
    expect((await endOf(begun)).report?.key).toBe(model);
    expect(sent()[1]?.bytesSent).toBeLessThanOrEqual(size() - 1_000_000 + PIECE);
    await isThereWithoutNetwork();
  });

  it('that is over at once is none', async () => {
    const begun = await begin(page, model);
    await begun.evaluate(({pause, resume}) => {
      for (let times = 0; times < 3; times++) {
        pause();
        resume();
      }
    });
    expect((await endOf(begun)).report?.key).toBe(model);
  });

  it('takes no time from the limit, and may be ended by an abort', async () => {
    const begun = await begin(page, model, {timeoutSeconds: 0.5});
    await begun.evaluate(({pause}) => pause());
    const ended = await begun.evaluate(({ended}) =>
      Promise.race([
        ended,
        new Promise((resolve) => {
          setTimeout(resolve, 1000, 'goes on');
        }),
      ]),
    );
    expect(ended).toBe('goes on');
    await stage.origins.log.settled();
    const requests = sent();
    await begun.evaluate(({abort}) => abort());
    expect((await endOf(begun)).error?.message).toBe('not wanted any more');

    // It does not go on behind that: another download, begun later, has been through all the same steps.
    const small = `${stage.app}/ordinary/small.bin`;
    stage.origins.app.set('/ordinary/small.bin', seededBytes('small', 1000), RESUMABLE);
    expect((await endOf(await begin(page, small))).report?.key).toBe(small);
    expect(sent()).toEqual(requests);
  });

  it('of one page leaves the download of another one alone', async () => {
    const other = await stage.openPage();
    stage.origins.fault({match: MODEL, kind: 'slow', bytesPerSecond: 600_000});
    const [mine, theirs] = [await begin(page, model), await begin(other, model)];
    await expect.poll(() => bytesSoFar(mine)).toBeGreaterThan(0);
    await expect.poll(() => bytesSoFar(theirs)).toBeGreaterThan(0);
    await mine.evaluate(({pause}) => pause());

    expect((await endOf(theirs)).report?.key).toBe(model);
    expect(sent()).toHaveLength(1);
    await mine.evaluate(({resume}) => resume());
    expect((await endOf(mine)).report?.key).toBe(model);
    expect(sent()).toHaveLength(1);
  });
});

it('an abort ends it with the reason, and the next one goes on from what is there', async () => {
  const stall = stallAt(1_000_000);
  const begun = await begin(page, model);
  await stall.reached;
  await expect.poll(pieces).toBeGreaterThan(10);
  await begun.evaluate(({abort}) => abort());
  expect((await endOf(begun)).error).toMatchObject({name: 'Error', message: 'not wanted any more'});
  await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
  stall.release();

  expect((await download(page, model)).report?.key).toBe(model);
  expect(sent()[1]?.bytesSent).toBeLessThanOrEqual(size() - 1_000_000 + PIECE);
});

it('a page that was reloaded goes on with it', async () => {
  const stall = stallAt(1_000_000);
  await begin(page, model);
  await stall.reached;
  await expect.poll(pieces).toBeGreaterThan(10);
  await page.reload();
  stall.release();

  expect((await download(page, model)).report?.key).toBe(model);
  const bytes = sent().reduce((sum, {bytesSent}) => sum + bytesSent, 0);
  expect(bytes).toBeLessThanOrEqual(size() + PIECE);
  await isThereWithoutNetwork();
});

it('pages that want the same file share one download', async () => {
  const others = [await stage.openPage(), await stage.openPage()];
  stage.origins.fault({match: MODEL, kind: 'slow', bytesPerSecond: 3_000_000});
  const ends = await Promise.all([page, ...others].map((where) => download(where, model)));
  expect(ends.map(({report}) => report?.key)).toEqual([model, model, model]);
  expect(sent()).toHaveLength(1);
});

describe('a download that fails', () => {
  it('because the host does not have the file says so', async () => {
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

  it('because the host does not have it any more leaves what is there', async () => {
    const stall = stallAt(1_000_000);
    const begun = await begin(page, model);
    await stall.reached;
    await expect.poll(pieces).toBeGreaterThan(10);
    const removed = stage.origins.fault({match: MODEL, kind: 'status', status: 404});
    await stage.browser.killWorkers();
    stall.release();
    expect((await endOf(begun)).error).toMatchObject({reason: 'status', status: 404});

    removed();
    expect((await download(page, model)).report?.key).toBe(model);
    expect(sent().at(-1)?.bytesSent).toBeLessThanOrEqual(size() - 1_000_000 + PIECE);
  });

  it('because there is no room for it says so at once, not when it has come', async () => {
    await stage.browser.setQuota(stage.app, 300_000);
    const stall = stallAt(1_100_000);
    const {error} = await download(page, model);
    expect(error).toMatchObject({code: 'download-failed', reason: 'quota-exceeded'});
    expect(error?.message).toBe(`${model} was not stored: the browser has no room for it.`);
    await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
    stall.release();
  });

  it.each([
    ['of which the worker knows nothing', '/nobody/data.bin', 'not-routed'],
    ['that a plugin refuses', '/refused/data.bin', 'not-stored'],
  ])('because it is one %s says so', async (_, path, reason) => {
    stage.origins.app.set(path, seededBytes(path, 1000));
    const {error} = await download(page, `${stage.app}${path}?token=secret`);
    expect(error).toMatchObject({code: 'download-failed', reason});
    expect(error?.message).toContain(`${stage.app}${path}`);
  });

  it('because nothing comes ends when its time is over, and is given up', async () => {
    const stall = stallAt(1_000_000);
    const {error} = await download(page, model, {timeoutSeconds: 2});
    expect(error).toMatchObject({code: 'timeout', message: `Waited 2 s for ${model} to get on.`});
    await expect.poll(() => sent().at(-1)?.ended).toBe('aborted');
    stall.release();
  });

  it('for want of a network says so', async () => {
    await stage.browser.setOffline(true);
    const {error} = await download(page, model, {timeoutSeconds: 2});
    expect(error).toMatchObject({
      code: 'timeout',
      message:
        `Waited 2 s for ${model} to get on ` +
        '(the last time, its host cannot be reached, or does not let this site read it).',
    });
  });

  it('through a worker that cannot say how it stands says what that one lacks', async () => {
    await page.evaluate(() => holdfast.register('/large.js'));
    const {error} = await download(page, model, {timeoutSeconds: 1});
    expect(error).toMatchObject({
      code: 'timeout',
      message:
        'Waited 1 s for the worker to say how it stands. Does the worker call handleDownloadMessages()?',
    });
  });

  it('on a page without a worker says so', async () => {
    await stage.reset();
    const {error} = await download(await stage.openPage(), model);
    expect(error).toMatchObject({
      code: 'no-worker',
      message: 'No service worker controls this page. Call register() first.',
    });
  });
});

/**
 * Chromium breaks off an event that takes longer than five minutes, and its connections:
 * `HOLDFAST_DOWNLOAD_SECONDS=360` is for the long run of the tests.
 */
const SECONDS = Number(process.env.HOLDFAST_DOWNLOAD_SECONDS ?? 8);

it(
  'a download that takes long arrives and is stored',
  async () => {
    const bytes = seededBytes('ordinary', 64 * 1024 * 1024);
    const url = `${stage.app}/ordinary/data.bin`;
    stage.origins.app.set('/ordinary/data.bin', bytes, RESUMABLE);
    stage.origins.fault({match: url, kind: 'slow', bytesPerSecond: bytes.length / SECONDS});
    const begunAt = performance.now();
    const {report, error} = await download(page, url);
    const seconds = (performance.now() - begunAt) / 1000;
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
