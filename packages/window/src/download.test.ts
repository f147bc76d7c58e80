import type {AssetFailure, DownloadProgress} from '@holdfast/service-worker/messages';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {DownloadError} from './DownloadError.ts';
import {type DownloadOptions, PausableDownload} from './download.ts';
import {HoldfastError} from './HoldfastError.ts';
import {Persistence} from './Persistence.ts';
import {FakeWorker} from './testing/FakeWorker.ts';

const KEY = 'https://host/model';
const URL_OF_IT = `${KEY}?token=secret`;

let worker: FakeWorker;
/** What hears that the network is back. */
let page: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  worker = new FakeWorker();
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('navigator', {storage: {persisted: async () => true}});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const download = (options: DownloadOptions = {}): PausableDownload =>
  new PausableDownload(worker, URL_OF_IT, options, new Persistence());

const progressAt = (bytes: number): DownloadProgress => ({
  key: KEY,
  state: 'running',
  bytes,
  totalBytes: 100,
  bytesPerSecond: 10,
  secondsLeft: 5,
});

/** Answers the next start with a failure. */
const failWith = async (failure: Omit<AssetFailure, 'key'>): Promise<void> =>
  (await worker.next()).answer({state: 'failed', failures: [{key: KEY, ...failure}]});

const succeed = async (): Promise<void> => (await worker.next()).answer({state: 'done', report: {key: KEY}});

it('sends the URL, and resolves to the key', async () => {
  const {done} = download();
  const start = await worker.next();
  expect(start).toMatchObject({type: 'HOLDFAST_DOWNLOAD', payload: {url: URL_OF_IT}});
  start.answer({state: 'done', report: {key: KEY}});
  expect(await done).toEqual({key: KEY, persisted: true});
});

it('reports progress, and at last that it is done', async () => {
  const onProgress = vi.fn();
  const {done} = download({onProgress});
  (await worker.next()).answer({state: 'running', job: 'file', progress: progressAt(0)});
  const poll = await worker.next();
  worker.report({type: 'DOWNLOAD_PROGRESS', payload: progressAt(50)});
  poll.answer({state: 'done', report: {key: KEY}});
  await done;
  expect(onProgress.mock.calls).toEqual([
    [progressAt(50)],
    [{...progressAt(100), state: 'done', secondsLeft: 0}],
  ]);
});

it('reports no progress of a file that is stored already', async () => {
  const onProgress = vi.fn();
  const {done} = download({onProgress});
  await succeed();
  await done;
  expect(onProgress).not.toHaveBeenCalled();
});

describe('a failure', () => {
  it.each<Omit<AssetFailure, 'key'>>([
    {reason: 'unreachable'},
    {reason: 'body-incomplete'},
    {reason: 'status', status: 503},
    {reason: 'status', status: 408},
    {reason: 'status', status: 425},
    {reason: 'status', status: 429},
  ])('that may pass is followed by another attempt, after a pause: %j', async (failure) => {
    const {done} = download();
    await failWith(failure);
    await vi.advanceTimersByTimeAsync(499);
    expect(worker.unread).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    await succeed();
    expect((await done).key).toBe(KEY);
  });

  it.each<Omit<AssetFailure, 'key'>>([
    {reason: 'quota-exceeded'},
    {reason: 'integrity-failed'},
    {reason: 'refused'},
    {reason: 'storage-failed'},
    {reason: 'status', status: 404},
    {reason: 'status'},
  ])('that does not pass rejects at once: %j', async (failure) => {
    const {done} = download();
    await failWith(failure);
    await expect(done).rejects.toMatchObject({code: 'download-failed', ...failure});
    expect(((await done.catch((error) => error)) as DownloadError).message).not.toContain('secret');
  });

  it('of the worker itself rejects', async () => {
    const {done} = download();
    (await worker.next()).fail(new HoldfastError('refused', 'no route with ResumableCacheFirst answers it'));
    await expect(done).rejects.toMatchObject({code: 'refused'});
  });
});

it('pauses longer and longer between attempts in vain, and briefly again after progress', async () => {
  const {done} = download({timeoutSeconds: Number.POSITIVE_INFINITY});
  for (const pause of [500, 1000, 2000]) {
    await failWith({reason: 'unreachable'});
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(worker.unread).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
  }
  (await worker.next()).answer({state: 'running', job: 'file', progress: progressAt(50)});
  await failWith({reason: 'body-incomplete'});
  await vi.advanceTimersByTimeAsync(500);
  await succeed();
  await done;
});

it('ends a pause between attempts when the network is back', async () => {
  const {done} = download();
  await failWith({reason: 'unreachable'});
  await vi.advanceTimersByTimeAsync(0);
  page.dispatchEvent(new Event('online'));
  await succeed();
  await done;
});

describe('the time limit', () => {
  it('names what the worker may lack where it does not answer', async () => {
    const {done} = download({timeoutSeconds: 1});
    const error = done.catch(({message}: Error) => message);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await error).toBe(
      "Waited 1 s for the worker's answer to HOLDFAST_DOWNLOAD. " +
        'Does the worker call registerAssets(), or was it generated with withHoldfast()?',
    );
  });

  it('names the last failure, spans all attempts, and shows no query', async () => {
    const {done} = download({timeoutSeconds: 2});
    const error = done.catch(({message}: Error) => message);
    await failWith({reason: 'unreachable'});
    await vi.advanceTimersByTimeAsync(500);
    (await worker.next()).answer({state: 'running', job: 'file'});
    await vi.advanceTimersByTimeAsync(1500);
    expect(await error).toBe(
      `Waited 2 s for ${KEY} to make progress ` +
        '(the last time, its host cannot be reached, or does not allow this site to read it).',
    );
  });

  it('aborts the job', async () => {
    const {done} = download({timeoutSeconds: 1});
    const error = done.catch(({code}: HoldfastError) => code);
    (await worker.next()).answer({state: 'running', job: 'file'});
    await worker.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await error).toBe('timeout');
    expect(await worker.next()).toMatchObject({type: 'HOLDFAST_ABORT_JOB', payload: {job: 'file'}});
  });
});

describe('a pause', () => {
  /** Starts a download that the worker runs. */
  const start = async (options?: DownloadOptions): Promise<PausableDownload> => {
    const handle = download(options);
    (await worker.next()).answer({state: 'running', job: 'file', progress: progressAt(10)});
    await worker.next();
    return handle;
  };

  it('aborts the job, and a resume starts it again', async () => {
    const {done, pause, resume} = await start();
    pause();
    pause();
    expect(await worker.next()).toMatchObject({type: 'HOLDFAST_ABORT_JOB', payload: {job: 'file'}});
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(worker.unread).toEqual([]);

    resume();
    await succeed();
    expect((await done).key).toBe(KEY);
  });

  it('that ends at once leaves another wait for the same file', async () => {
    const {done, pause, resume} = await start();
    for (let times = 0; times < 3; times++) {
      pause();
      resume();
    }
    expect((await worker.next()).type).toBe('HOLDFAST_ABORT_JOB');
    const again = await worker.next();
    expect(again.type).toBe('HOLDFAST_DOWNLOAD');
    again.answer({state: 'done', report: {key: KEY}});
    await done;
    expect(worker.unread).toEqual([]);
  });

  it('before the first answer aborts the job as soon as its id is known', async () => {
    const {done, pause, resume} = download();
    const first = await worker.next();
    pause();
    first.answer({state: 'running', job: 'file'});
    expect((await worker.next()).type).toBe('HOLDFAST_ABORT_JOB');
    resume();
    await succeed();
    await done;
  });

  it('takes no time from the limit', async () => {
    const {done, pause, resume} = await start({timeoutSeconds: 1});
    pause();
    await worker.next();
    await vi.advanceTimersByTimeAsync(10_000);
    resume();
    await succeed();
    await done;
  });

  it('may be ended by an abort', async () => {
    const controller = new AbortController();
    const {done, pause} = await start({signal: controller.signal});
    pause();
    await worker.next();
    const reason = new Error('not wanted any more');
    controller.abort(reason);
    await expect(done).rejects.toBe(reason);
    expect(worker.unread).toEqual([]);
  });

  it('after the end does nothing', async () => {
    const {done, pause, resume} = download();
    await succeed();
    await done;
    pause();
    resume();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(worker.unread).toEqual([]);
  });
});

it('rejects with the reason of a signal that aborts, and aborts the job', async () => {
  const controller = new AbortController();
  const {done} = download({signal: controller.signal});
  (await worker.next()).answer({state: 'running', job: 'file'});
  await worker.next();
  const reason = new Error('not wanted any more');
  controller.abort(reason);
  await expect(done).rejects.toBe(reason);
  expect((await worker.next()).type).toBe('HOLDFAST_ABORT_JOB');
});
