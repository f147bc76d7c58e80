import type {DownloadProgress, StageProgress, StageReport} from '@holdfast/service-worker/messages';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {HoldfastError} from './HoldfastError.ts';
import {type JobEnd, runJob} from './runJob.ts';
import {FakeWorker, type Sent} from './testing/FakeWorker.ts';

const LINE = {name: 'models', values: {locale: 'en-us'}};
const REQUEST = {line: LINE, version: 'v2', manifest: '/manifest.json'};
const REPORT: StageReport = {
  line: 'models-en-us',
  version: 'v2',
  assets: 1,
  totalBytes: 100,
  bytes: {present: 0, reused: 0, fetched: 100},
  damaged: [],
  files: {},
};

const staged = (fetched: number, more: Partial<StageProgress> = {}): StageProgress => ({
  line: 'models-en-us',
  version: 'v2',
  state: 'running',
  assets: 1,
  verified: 0,
  waiting: 0,
  totalBytes: 100,
  bytes: {present: 0, reused: 0, fetched},
  ...more,
});

const downloaded = (bytes: number, key = 'https://host/model'): DownloadProgress => ({
  key,
  state: 'running',
  bytes,
  totalBytes: 100,
  bytesPerSecond: 10,
  secondsLeft: 1,
});

let worker: FakeWorker;
let controller: AbortController;
const onAnswer = vi.fn();
const onAdvance = vi.fn();
const onProgress = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  worker = new FakeWorker();
  controller = new AbortController();
});

afterEach(() => {
  vi.useRealTimers();
});

const stage = (): Promise<JobEnd<'HOLDFAST_STAGE'>> =>
  runJob(worker, 'HOLDFAST_STAGE', REQUEST, {onAnswer, onAdvance, onProgress}, controller.signal);

const download = (): Promise<JobEnd<'HOLDFAST_DOWNLOAD'>> =>
  runJob(
    worker,
    'HOLDFAST_DOWNLOAD',
    {url: 'https://host/model?token=1'},
    {onAdvance, onProgress},
    controller.signal,
  );

/** Starts a stage, of which the worker answers that it runs. */
const startStage = async (): Promise<{ended: Promise<JobEnd<'HOLDFAST_STAGE'>>; asker: unknown}> => {
  const ended = stage();
  const start = await worker.next();
  start.answer({state: 'running', job: 'one', progress: staged(0)});
  return {ended, asker: start.payload.asker};
};

/** Expects that everything ended with the job: the polls, and the listener. */
const expectQuiet = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(60_000);
  expect(worker.unread).toEqual([]);
  expect([worker.listening, vi.getTimerCount()]).toEqual([0, 0]);
};

it('returns how a job ended that ends at once', async () => {
  const ended = stage();
  const start = await worker.next();
  expect(start).toMatchObject({type: 'HOLDFAST_STAGE', payload: {...REQUEST, asker: expect.any(String)}});
  start.answer({state: 'done', report: REPORT});
  expect(await ended).toEqual({state: 'done', report: REPORT});
  expect(onAnswer).toHaveBeenCalledTimes(1);
  await expectQuiet();
});

it('polls with the id of the job, and without the manifest', async () => {
  const {ended, asker} = await startStage();
  const first = await worker.next();
  expect(first).toMatchObject({type: 'HOLDFAST_JOB', payload: {job: 'one', asker}});
  expect(Object.keys(first.payload)).toEqual(['job', 'asker']);
  first.answer({state: 'running', job: 'one', progress: staged(10)});

  const second = await worker.next();
  expect(second.payload).toEqual(first.payload);
  const failures = [{key: 'https://host/model', reason: 'quota-exceeded'} as const];
  second.answer({state: 'failed', failures});
  expect(await ended).toEqual({state: 'failed', failures});
  await expectQuiet();
});

it('starts the job again when the worker was killed before it answered the start', async () => {
  const ended = stage();
  const first = await worker.next();
  first.lose();
  const second = await worker.next();
  expect(second).toMatchObject({type: 'HOLDFAST_STAGE', payload: first.payload});
  second.answer({state: 'done', report: REPORT});
  expect((await ended).state).toBe('done');
});

it('sends the start again after two seconds without an answer', async () => {
  const ended = stage();
  const first = await worker.next();
  await vi.advanceTimersByTimeAsync(2000);
  const second = await worker.next();
  expect(second).toMatchObject({type: 'HOLDFAST_STAGE', payload: first.payload});
  second.answer({state: 'running', job: 'one', progress: staged(0)});
  const poll = await worker.next();
  expect(poll.type).toBe('HOLDFAST_JOB');
  poll.answer({state: 'done', report: REPORT});
  expect((await ended).state).toBe('done');
  first.lose();
  await expectQuiet();
});

describe('while a job runs', () => {
  it('starts it again when the worker that it asks does not know it', async () => {
    const {ended, asker} = await startStage();
    (await worker.next()).answer({state: 'unknown'});
    const again = await worker.next();
    expect(again).toMatchObject({type: 'HOLDFAST_STAGE', payload: {...REQUEST, asker}});
    again.answer({state: 'done', report: REPORT});
    expect((await ended).state).toBe('done');
    await expectQuiet();
  });

  it('learns within two seconds that the worker was killed, with a poll unanswered', async () => {
    const {ended} = await startStage();
    const unanswered = await worker.next();
    await vi.advanceTimersByTimeAsync(1999);
    expect(worker.unread).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    const poll = await worker.next();
    expect(poll.type).toBe('HOLDFAST_JOB');
    poll.answer({state: 'unknown'});
    const again = await worker.next();
    expect(again.type).toBe('HOLDFAST_STAGE');
    again.answer({state: 'running', job: 'one', progress: staged(50)});

    // It does not matter what becomes of the first poll.
    unanswered.lose();
    (await worker.next()).answer({state: 'done', report: REPORT});
    expect((await ended).state).toBe('done');
    await expectQuiet();
  });

  it('starts it again when no poll is answered', async () => {
    const {ended} = await startStage();
    (await worker.next()).lose();
    const again = await worker.next();
    expect(again.type).toBe('HOLDFAST_STAGE');
    again.answer({state: 'done', report: REPORT});
    expect((await ended).state).toBe('done');
  });

  it('starts it again when pages that have left aborted it', async () => {
    const {ended} = await startStage();
    (await worker.next()).answer({state: 'aborted'});
    const again = await worker.next();
    expect(again.type).toBe('HOLDFAST_STAGE');
    again.answer({state: 'done', report: REPORT});
    expect((await ended).state).toBe('done');
  });

  it('pauses longer and longer between starts that lead nowhere', async () => {
    const ended = stage();
    const nextStart = async (): Promise<Sent> => {
      while (worker.unread.length === 0) {
        await vi.advanceTimersByTimeAsync(100);
      }
      return worker.next();
    };
    const pauses: number[] = [];
    for (let times = 0; times < 4; times++) {
      const before = Date.now();
      const start = await nextStart();
      pauses.push(Date.now() - before);
      start.answer({state: 'aborted'});
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(pauses).toEqual([0, 0, 500, 1000]);
    (await nextStart()).answer({state: 'done', report: REPORT});
    expect((await ended).state).toBe('done');
  });

  it('rejects with what the worker answers instead', async () => {
    const {ended} = await startStage();
    (await worker.next()).fail(new HoldfastError('refused', 'storage failed'));
    await expect(ended).rejects.toThrow('storage failed');
    await expectQuiet();
  });
});

describe('progress', () => {
  it('is that of the job alone, and advances with its bytes', async () => {
    const {ended} = await startStage();
    const poll = await worker.next();
    expect(onAdvance).toHaveBeenCalledTimes(1);
    worker.report({type: 'STAGE_PROGRESS', payload: staged(10)});
    worker.report({type: 'STAGE_PROGRESS', payload: staged(10)});
    worker.report({type: 'STAGE_PROGRESS', payload: staged(20, {version: 'v3'})});
    worker.report({type: 'STAGE_PROGRESS', payload: staged(20, {line: 'models-de-de'})});
    worker.report({type: 'DOWNLOAD_PROGRESS', payload: downloaded(20)});
    expect(onProgress.mock.calls).toEqual([[staged(10)], [staged(10)]]);
    expect(onAdvance).toHaveBeenCalledTimes(2);
    // How it ends is what the call returns.
    worker.report({type: 'STAGE_PROGRESS', payload: staged(100, {state: 'done', verified: 1})});
    expect(onProgress).toHaveBeenCalledTimes(2);
    poll.answer({state: 'done', report: REPORT});
    await ended;
  });

  it('counts the time in which a stage waits for a page as progress', async () => {
    const {ended} = await startStage();
    const poll = await worker.next();
    onAdvance.mockClear();
    for (let times = 0; times < 3; times++) {
      worker.report({type: 'STAGE_PROGRESS', payload: staged(0, {waiting: 1})});
    }
    expect(onAdvance).toHaveBeenCalledTimes(3);
    poll.answer({state: 'done', report: REPORT});
    await ended;
  });

  it('of a download has the key that the worker answers, and counts bytes that were lost', async () => {
    const ended = download();
    (await worker.next()).answer({state: 'running', job: 'file', progress: downloaded(0)});
    const poll = await worker.next();
    worker.report({type: 'DOWNLOAD_PROGRESS', payload: downloaded(60)});
    worker.report({type: 'DOWNLOAD_PROGRESS', payload: downloaded(30, 'https://host/another')});
    onAdvance.mockClear();
    // The worker was killed, and had not stored everything.
    worker.report({type: 'DOWNLOAD_PROGRESS', payload: downloaded(40)});
    expect(onAdvance).toHaveBeenCalledTimes(1);
    expect(onProgress.mock.calls.map(([{bytes}]) => bytes)).toEqual([60, 40]);
    poll.answer({state: 'done', report: {key: 'https://host/model'}});
    expect(await ended).toEqual({state: 'done', report: {key: 'https://host/model'}});
  });

  it('counts it as progress that the worker joins the pieces of a file', async () => {
    const ended = download();
    (await worker.next()).answer({state: 'running', job: 'file', progress: downloaded(100)});
    const first = await worker.next();
    onAdvance.mockClear();
    first.answer({state: 'running', job: 'file', progress: downloaded(100)});
    const poll = await worker.next();
    expect(onAdvance).toHaveBeenCalledTimes(1);
    poll.answer({state: 'done', report: {key: 'https://host/model'}});
    await ended;
  });

  it('is not heard of where the worker does not know how far the job is', async () => {
    const ended = download();
    (await worker.next()).answer({state: 'running', job: 'file', progress: undefined});
    worker.report({type: 'DOWNLOAD_PROGRESS', payload: downloaded(10)});
    expect(onProgress).not.toHaveBeenCalled();
    (await worker.next()).answer({state: 'running', job: 'file', progress: downloaded(20)});
    const poll = await worker.next();
    worker.report({type: 'DOWNLOAD_PROGRESS', payload: downloaded(30)});
    expect(onProgress).toHaveBeenCalledTimes(1);
    poll.answer({state: 'done', report: {key: 'https://host/model'}});
    await ended;
  });
});

describe('an abort', () => {
  const reason = new Error('not wanted any more');

  it('rejects with the reason at once, and aborts the job', async () => {
    const {ended, asker} = await startStage();
    const poll = await worker.next();
    controller.abort(reason);
    await expect(ended).rejects.toBe(reason);
    const abort = await worker.next();
    expect(abort).toMatchObject({type: 'HOLDFAST_ABORT_JOB', payload: {job: 'one', asker}});
    abort.answer({});
    poll.answer({state: 'aborted'});
    await expectQuiet();
  });

  it('before the id of the job is known aborts it as soon as it is', async () => {
    const ended = stage();
    const start = await worker.next();
    controller.abort(reason);
    await expect(ended).rejects.toBe(reason);
    expect(worker.unread).toEqual([]);
    start.answer({state: 'running', job: 'one', progress: staged(0)});
    const abort = await worker.next();
    expect(abort).toMatchObject({
      type: 'HOLDFAST_ABORT_JOB',
      payload: {job: 'one', asker: start.payload.asker},
    });
    abort.lose();
    await vi.advanceTimersByTimeAsync(0);
    expect(worker.unread).toEqual([]);
  });

  it('of a job whose worker was killed does not start it again', async () => {
    const ended = stage();
    const start = await worker.next();
    controller.abort(reason);
    await expect(ended).rejects.toBe(reason);
    start.lose();
    await expectQuiet();
  });

  it('does nothing after the end', async () => {
    const ended = stage();
    (await worker.next()).answer({state: 'done', report: REPORT});
    await ended;
    controller.abort(reason);
    await expectQuiet();
  });

  it('before the start sends nothing', async () => {
    controller.abort(reason);
    await expect(stage()).rejects.toBe(reason);
    await expectQuiet();
  });
});
