import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {HoldfastError} from './HoldfastError.ts';
import {withTimeLimit} from './withTimeLimit.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);

/** Waits for a promise's error. */
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

it('returns what the task returns in time', async () => {
  const limit = {timeoutSeconds: 1};
  await expect(
    withTimeLimit(
      async () => 7,
      limit,
      () => 'seven',
    ),
  ).resolves.toBe(7);
  const failing = () => Promise.reject(new Error('no'));
  await expect(withTimeLimit(failing, limit, () => 'seven')).rejects.toThrow('no');
});

it.each([
  ['a sign of life', 'Waited 3 s for a sign of life.'],
  ['an answer. Is it on?', 'Waited 3 s for an answer. Is it on?'],
])('rejects when the time is over, and names what it waited for: %s', async (what, message) => {
  const result = errorOf(withTimeLimit(never, {timeoutSeconds: 3}, () => what));
  await vi.advanceTimersByTimeAsync(3000);
  const error = await result;
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toMatchObject({code: 'timeout', message});
});

it('starts the time again whenever the task advances', async () => {
  let advance: () => void = () => undefined;
  const task = (restart: () => void) => {
    advance = restart;
    return never();
  };
  const onError = vi.fn();
  withTimeLimit(task, {timeoutSeconds: 3}, () => 'an end').catch(onError);
  for (let count = 0; count < 5; count++) {
    await vi.advanceTimersByTimeAsync(2000);
    advance();
  }
  await vi.advanceTimersByTimeAsync(2999);
  expect(onError).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(onError).toHaveBeenCalledWith(expect.objectContaining({code: 'timeout'}));
  // A task that advances too late.
  advance();
});

it('waits without end where the limit is infinite', async () => {
  const controller = new AbortController();
  const onEnd = vi.fn();
  const limit = {timeoutSeconds: Number.POSITIVE_INFINITY, signal: controller.signal};
  withTimeLimit(never, limit, () => 'an end').catch(onEnd);
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);
  expect(onEnd).not.toHaveBeenCalled();
  controller.abort();
  await vi.advanceTimersByTimeAsync(0);
});

it.each([0, -1, Number.NaN])('rejects a limit of %d seconds', async (timeoutSeconds) => {
  await expect(withTimeLimit(never, {timeoutSeconds}, () => 'nothing')).rejects.toThrow(
    `timeoutSeconds must be a number above 0, but got ${timeoutSeconds}.`,
  );
});

it('rejects with the reason of a signal that aborts, and passes it on to the task', async () => {
  const controller = new AbortController();
  let passed: AbortSignal | undefined;
  const task = (_restart: () => void, signal: AbortSignal) => {
    passed = signal;
    return never();
  };
  const limit = {timeoutSeconds: 3, signal: controller.signal};
  const result = errorOf(withTimeLimit(task, limit, () => 'an end'));
  const reason = new Error('not wanted any more');
  controller.abort(reason);
  expect(await result).toBe(reason);
  expect(passed?.reason).toBe(reason);
});

it('does not run a task whose signal has aborted', async () => {
  const task = vi.fn(never);
  const limit = {timeoutSeconds: 3, signal: AbortSignal.abort(new Error('not wanted any more'))};
  await expect(withTimeLimit(task, limit, () => 'an end')).rejects.toThrow('not wanted any more');
  expect(task).not.toHaveBeenCalled();
});

it('aborts the signal of the task when the time is over', async () => {
  let passed: AbortSignal | undefined;
  const task = (_restart: () => void, signal: AbortSignal) => {
    passed = signal;
    return never();
  };
  const result = errorOf(withTimeLimit(task, {timeoutSeconds: 3}, () => 'an end'));
  await vi.advanceTimersByTimeAsync(3000);
  expect(passed?.reason).toBe(await result);
});
