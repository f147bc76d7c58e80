import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {WorkerState} from '../worker/WorkerState.ts';
import {type JobEnd, Jobs, type Work} from './Jobs.ts';
import type {DownloadProgress, StoredFile} from './protocol.ts';

const ID = 'https://a.test/model';
const DONE: JobEnd<StoredFile> = {state: 'done', report: {key: ID}};
const progress: DownloadProgress = {
  key: ID,
  state: 'running',
  bytes: 1,
  totalBytes: 2,
  bytesPerSecond: 1,
  secondsLeft: 1,
};
const RUNNING = {state: 'running', job: ID, progress};

let jobs: Jobs;
/** The listener of the worker. */
let listener: (event: ExtendableMessageEvent) => void;
/** The clients that the browser knows. */
let present: string[];

beforeEach(() => {
  present = ['page', 'other page'];
  vi.stubGlobal('clients', {matchAll: async () => present.map((id) => ({id}))});
  vi.spyOn(self, 'addEventListener').mockImplementation((_type: string, added: unknown) => {
    listener = added as typeof listener;
  });
  jobs = new WorkerState().part(Jobs);
  vi.useFakeTimers({toFake: ['setTimeout']});
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** A message event of a page, and whether it holds the worker. */
const messageOf = (client: string, more: object = {}) => {
  let holds = 0;
  const event = Object.assign(new Event('message'), more, {
    source: {id: client},
    waitUntil: (promise: Promise<unknown>) => {
      holds += 1;
      const letGo = (): void => {
        holds -= 1;
      };
      promise.then(letGo, letGo);
    },
  }) as unknown as ExtendableMessageEvent;
  return {event, isHeld: () => holds > 0};
};

/** Sends a message, and resolves to its answer. */
const send = (type: string, payload: unknown, client = 'page'): Promise<unknown> =>
  new Promise((resolve) => {
    listener(messageOf(client, {data: {type, payload}, ports: [{postMessage: resolve}]}).event);
  });

const poll = (asker = 'asker', client?: string): Promise<unknown> =>
  send('HOLDFAST_JOB', {job: ID, asker}, client);

const abort = (asker = 'asker', client?: string): Promise<unknown> =>
  send('HOLDFAST_ABORT_JOB', {job: ID, asker}, client);

const answer = (payload: unknown) => ({type: 'HOLDFAST_ANSWER', payload});

/** Work that a test ends. */
const newWork = () => {
  let settle: {resolve: (end: JobEnd<StoredFile>) => void; reject: (error: unknown) => void};
  let signal: AbortSignal | undefined;
  const run = vi.fn(
    (given: AbortSignal) =>
      new Promise<JobEnd<StoredFile>>((resolve, reject) => {
        signal = given;
        settle = {resolve, reject};
      }),
  );
  const work: Work<StoredFile> = {run, progress: () => progress};
  return {
    work,
    run,
    end: (end: JobEnd<StoredFile> = DONE) => settle.resolve(end),
    fail: (error: unknown) => settle.reject(error),
    isAborted: () => Boolean(signal?.aborted),
  };
};

const start = (work: Work<StoredFile>, asker = 'asker', client = 'page') =>
  jobs.start(ID, asker, messageOf(client).event, work);

/** Lets an answer take as long as it may. */
const pass = (milliseconds = 10_000): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

describe('a job', () => {
  it('is answered with its end, if it ends in time', async () => {
    const {work, end} = newWork();
    const answered = start(work);
    await pass(99);
    end();
    expect(await answered).toEqual(DONE);
    expect(jobs.isRunning(ID)).toBe(false);
  });

  it.each<JobEnd<StoredFile>>([
    DONE,
    {state: 'aborted'},
    {state: 'failed', failures: [{key: ID, reason: 'unreachable'}]},
  ])('may end with %o', async (how) => {
    const {work, end} = newWork();
    const answered = start(work);
    end(how);
    expect(await answered).toEqual(how);
  });

  it('is answered with its id and its progress soon, if it takes longer', async () => {
    const {work, end} = newWork();
    const answered = start(work);
    await pass(100);
    expect(await answered).toEqual(RUNNING);
    expect(jobs.isRunning(ID)).toBe(true);
    end();
  });

  it('runs once for all pages that start it', async () => {
    const [first, second] = [newWork(), newWork()];
    const answers = [start(first.work), start(second.work, 'other', 'other page')];
    expect(second.run).not.toHaveBeenCalled();
    first.end();
    expect(await Promise.all(answers)).toEqual([DONE, DONE]);
    expect(first.run).toHaveBeenCalledOnce();
  });

  it('runs beside one with another id', async () => {
    const [first, second] = [newWork(), newWork()];
    const answers = [
      start(first.work),
      jobs.start('https://a.test/labels', 'asker', messageOf('page').event, second.work),
    ];
    expect(second.run).toHaveBeenCalledOnce();
    first.end();
    second.end({state: 'aborted'});
    expect(await Promise.all(answers)).toEqual([DONE, {state: 'aborted'}]);
  });

  it('rejects for all that wait where the work fails, and aborts what is in progress', async () => {
    const {work, fail, isAborted} = newWork();
    const answers = [start(work), start(work, 'other', 'other page'), poll('third')];
    fail(new Error('storage cannot be read'));
    const [first, second, third] = await Promise.allSettled(answers);
    expect([first, second]).toMatchObject([
      {reason: new Error('storage cannot be read')},
      {reason: new Error('storage cannot be read')},
    ]);
    expect(third).toMatchObject({
      value: {type: 'HOLDFAST_ERROR', payload: {message: 'HOLDFAST_JOB: storage cannot be read'}},
    });
    expect(isAborted()).toBe(true);
    expect(jobs.isRunning(ID)).toBe(false);
  });

  it('rejects also where the work throws at once', async () => {
    const work: Work<StoredFile> = {
      progress: () => undefined,
      run: () => {
        throw new Error('at once');
      },
    };
    await expect(start(work)).rejects.toThrow('at once');
    expect(jobs.isRunning(ID)).toBe(false);
  });
});

describe('a poll', () => {
  it('is answered with the end when it comes', async () => {
    const {work, end} = newWork();
    const started = start(work);
    await pass();
    await started;
    const polled = poll();
    await pass(5000);
    end();
    expect(await polled).toEqual(answer(DONE));
  });

  it('is answered with the progress after ten seconds', async () => {
    const {work, end} = newWork();
    void start(work);
    await pass();
    const polled = poll();
    await pass();
    expect(await polled).toEqual(answer(RUNNING));
    end();
  });

  it('is answered soon while no progress is known', async () => {
    const {work, end} = newWork();
    void start(Object.assign(work, {progress: () => undefined}));
    await pass();
    const polled = poll();
    await pass(100);
    expect(await polled).toEqual(answer({state: 'running', job: ID, progress: undefined}));
    end();
  });

  it('of a job that the worker does not know is answered with unknown', async () => {
    expect(await poll()).toEqual(answer({state: 'unknown'}));
  });

  it('joins the job, as another asker does that starts it', async () => {
    const {work, end, isAborted} = newWork();
    void start(work);
    void poll('other', 'other page');
    await abort();
    expect(isAborted()).toBe(false);
    end();
  });

  it.each([
    [{}, 'payload.job must be a non-empty string, but got undefined.'],
    [{job: 7, asker: 'asker'}, 'payload.job must be a non-empty string, but got 7.'],
    [{job: ID}, 'payload.asker must be a non-empty string, but got undefined.'],
    [{job: ID, asker: ''}, 'payload.asker must be a non-empty string, but got "".'],
  ])('is answered with an error when it is malformed: %o', async (payload, message) => {
    const {work, end} = newWork();
    void start(work);
    expect(await send('HOLDFAST_JOB', payload)).toEqual({
      type: 'HOLDFAST_ERROR',
      payload: {message: `HOLDFAST_JOB: ${message}`},
    });
    end();
  });
});

describe('an end that an asker has not heard', () => {
  const endUnheard = async () => {
    const {work, end} = newWork();
    const started = start(work);
    await pass();
    await started;
    end();
    await pass(0);
  };

  it('is the answer to the next poll', async () => {
    await endUnheard();
    expect(await poll()).toEqual(answer(DONE));
  });

  it('is the answer where the asker starts the job again, which does not run again', async () => {
    await endUnheard();
    const again = newWork();
    expect(await start(again.work)).toEqual(DONE);
    expect(again.run).not.toHaveBeenCalled();
  });

  it('is heard once: then the job runs again', async () => {
    await endUnheard();
    await poll();
    const again = newWork();
    const answered = start(again.work);
    expect(again.run).toHaveBeenCalledOnce();
    again.end({state: 'aborted'});
    expect(await answered).toEqual({state: 'aborted'});
  });

  it('does not concern another asker, for whom the job runs again', async () => {
    await endUnheard();
    const again = newWork();
    const answered = start(again.work, 'other', 'other page');
    expect(again.run).toHaveBeenCalledOnce();
    again.end();
    await answered;
  });
});

describe('an abort', () => {
  it('aborts the job when the last asker leaves', async () => {
    const {work, fail, isAborted} = newWork();
    const started = start(work);
    expect(await abort()).toEqual(answer({}));
    expect(isAborted()).toBe(true);
    fail(new DOMException('aborted', 'AbortError'));
    expect(await started).toEqual({state: 'aborted'});
  });

  it('does not abort a job that another page waits for', async () => {
    const {work, end, isAborted} = newWork();
    const answers = [start(work), start(work, 'other', 'other page')];
    await abort();
    expect(isAborted()).toBe(false);
    await abort('other', 'other page');
    expect(isAborted()).toBe(true);
    end();
    await Promise.all(answers);
  });

  it('does not abort a job for an asker that never asked', async () => {
    const {work, end, isAborted} = newWork();
    const started = start(work);
    await abort('stranger');
    expect(isAborted()).toBe(false);
    end();
    await started;
  });

  it('does not count askers whose pages are gone', async () => {
    const {work, end, isAborted} = newWork();
    const answers = [start(work), start(work, 'other', 'other page')];
    present = ['page'];
    await abort();
    expect(isAborted()).toBe(true);
    end();
    await Promise.all(answers);
  });

  it('of a job that the worker does not know does nothing', async () => {
    expect(await abort()).toEqual(answer({}));
  });

  it('lets a job that ends all the same be done', async () => {
    const {work, end} = newWork();
    const started = start(work);
    await abort();
    end();
    expect(await started).toEqual(DONE);
  });

  it('is no end for a page that starts the job again before it has stopped', async () => {
    const [first, again] = [newWork(), newWork()];
    const started = start(first.work);
    await abort();
    expect(jobs.isRunning(ID)).toBe(false);
    const answered = start(again.work, 'second try');
    expect(jobs.isRunning(ID)).toBe(true);
    expect(again.run).toHaveBeenCalledOnce();
    first.fail(new DOMException('aborted', 'AbortError'));
    again.end();
    expect(await Promise.all([started, answered])).toEqual([{state: 'aborted'}, DONE]);
    expect(again.isAborted()).toBe(false);
  });
});

describe('the event of a job', () => {
  it('holds the worker until the job ends', async () => {
    const {work, end} = newWork();
    const {event, isHeld} = messageOf('page');
    const started = jobs.start(ID, 'asker', event, work);
    await pass();
    expect(await started).toEqual(RUNNING);
    expect(isHeld()).toBe(true);
    end();
    await pass(0);
    expect(isHeld()).toBe(false);
  });

  it('holds the worker for four minutes at most', async () => {
    const {work, end} = newWork();
    const {event, isHeld} = messageOf('page');
    void jobs.start(ID, 'asker', event, work);
    await pass(239_999);
    expect(isHeld()).toBe(true);
    await pass(1);
    expect(isHeld()).toBe(false);
    expect(jobs.isRunning(ID)).toBe(true);
    end();
  });

  it('holds the worker no longer where the job fails', async () => {
    const {work, fail} = newWork();
    const {event, isHeld} = messageOf('page');
    const started = jobs.start(ID, 'asker', event, work);
    fail(new Error('storage cannot be read'));
    await expect(started).rejects.toThrow('storage cannot be read');
    await pass(0);
    expect(isHeld()).toBe(false);
  });

  it('is one for each poll, so that polls keep the worker alive', async () => {
    const {work, end} = newWork();
    void start(work);
    await pass(230_000);
    const {event, isHeld} = messageOf('page', {
      data: {type: 'HOLDFAST_JOB', payload: {job: ID, asker: 'asker'}},
      ports: [{postMessage: () => undefined}],
    });
    listener(event);
    await pass(200_000);
    expect(isHeld()).toBe(true);
    end();
    await pass(0);
    expect(isHeld()).toBe(false);
  });
});

describe('the last page that closes', () => {
  it.each([
    ['aborts a job that is for pages', true],
    ['leaves another job', false],
  ])('%s', async (_what, isForPages) => {
    const {work, isAborted} = newWork();
    const both = [start({...work, isForPages}), start(work, 'other', 'other page')];
    await pass();
    await Promise.all(both);
    present = ['other page'];
    await pass();
    expect(isAborted()).toBe(false);
    present = [];
    await pass();
    expect(isAborted()).toBe(isForPages);
    expect(jobs.isRunning(ID)).toBe(!isForPages);
  });
});
