import {expect, it, vi} from 'vitest';
import type {Clock} from './Clock.ts';
import {within} from './within.ts';

/** A clock whose only timer a test fires. */
const stoppedClock = () => {
  let callback = (): void => undefined;
  const cancel = vi.fn();
  const after = vi.fn((_milliseconds: number, called: () => void) => {
    callback = called;
    return cancel;
  });
  const clock: Clock = {now: () => 0, after};
  return {clock, after, cancel, fire: () => callback()};
};

it('resolves to what the promise resolves to, and cancels its timer', async () => {
  const {clock, after, cancel} = stoppedClock();
  expect(await within(Promise.resolve('result'), 1000, 'otherwise', clock)).toBe('result');
  expect(after).toHaveBeenCalledExactlyOnceWith(1000, expect.any(Function));
  expect(cancel).toHaveBeenCalledOnce();
});

it('resolves to the alternative when the promise rejects', async () => {
  const {clock, cancel} = stoppedClock();
  expect(await within(Promise.reject(new Error('disk')), 1000, 'otherwise', clock)).toBe('otherwise');
  expect(cancel).toHaveBeenCalledOnce();
});

it('resolves to the alternative when the promise takes longer, and ignores its end', async () => {
  const {clock, fire} = stoppedClock();
  let fail = (_error: Error): void => undefined;
  const slow = new Promise((_resolve, reject) => {
    fail = reject;
  });
  const result = within(slow, 1000, 'otherwise', clock);
  fire();
  expect(await result).toBe('otherwise');
  fail(new Error('too late'));
  await new Promise(setImmediate);
});
