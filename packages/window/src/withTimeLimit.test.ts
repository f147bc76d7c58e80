import {expect, it, vi} from 'vitest';
import {HoldfastError} from './HoldfastError.ts';
import {withTimeLimit} from './withTimeLimit.ts';

const never = () => new Promise<never>(() => undefined);

it('passes on what comes in time', async () => {
  await expect(
    withTimeLimit(
      () => Promise.resolve(7),
      1,
      () => 'seven',
    ),
  ).resolves.toBe(7);
  await expect(
    withTimeLimit(
      () => Promise.reject(new Error('no')),
      1,
      () => 'seven',
    ),
  ).rejects.toThrow('no');
});

it('gives up when the time is over, and says what it waited for', async () => {
  vi.useFakeTimers();
  const result = withTimeLimit(never, 3, () => 'a sign of life').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(3000);
  vi.useRealTimers();

  const error = (await result) as HoldfastError;
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error.code).toBe('timeout');
  expect(error.message).toBe('Waited 3 s for a sign of life.');
});

it('begins anew whenever the task says that it has got on', async () => {
  vi.useFakeTimers();
  let gotOn: () => void = () => undefined;
  const task = (restart: () => void) => {
    gotOn = restart;
    return never();
  };
  let code: string | undefined;
  void withTimeLimit(task, 3, () => 'an end').catch((error: HoldfastError) => {
    code = error.code;
  });
  for (let count = 0; count < 5; count++) {
    await vi.advanceTimersByTimeAsync(2000);
    gotOn();
  }
  await vi.advanceTimersByTimeAsync(2999);
  expect(code).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(code).toBe('timeout');
  vi.useRealTimers();
});

it('waits as long as it takes where the limit is infinite', async () => {
  vi.useFakeTimers();
  let isOver = false;
  void withTimeLimit(never, Number.POSITIVE_INFINITY, () => 'an end').catch(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);
  expect(isOver).toBe(false);
  vi.useRealTimers();
});

it.each([0, -1, Number.NaN])('refuses a limit of %d seconds', async (seconds) => {
  await expect(withTimeLimit(never, seconds, () => 'nothing')).rejects.toThrow(
    `timeoutSeconds must be a number above 0, but is ${seconds}.`,
  );
});
