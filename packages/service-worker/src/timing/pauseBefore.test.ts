import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {pauseBefore} from './pauseBefore.ts';

let controller: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  controller = new AbortController();
});

afterEach(() => {
  vi.useRealTimers();
});

/** How long the pause is before that attempt, in milliseconds. */
const lengthOf = async (attempt: number, atLeastMs?: number): Promise<number> => {
  const before = Date.now();
  const pause = pauseBefore(attempt, controller.signal, {atLeastMs});
  expect(vi.getTimerCount()).toBe(1);
  await vi.runAllTimersAsync();
  await pause;
  return Date.now() - before;
};

describe('the pause before a host is asked again', () => {
  it('grows from attempt to attempt', async () => {
    const lengths = [];
    for (const attempt of [1, 2, 3, 4, 5, 6]) {
      lengths.push(await lengthOf(attempt));
    }
    expect(lengths).toEqual([500, 1000, 2000, 4000, 8000, 16_000]);
  });

  it('grows no longer than half a minute', async () => {
    expect(await lengthOf(7)).toBe(30_000);
    expect(await lengthOf(100)).toBe(30_000);
  });

  it('is as long as the host wants', async () => {
    expect(await lengthOf(1, 7000)).toBe(7000);
    expect(await lengthOf(1, 90_000)).toBe(90_000);
  });

  it('is no longer than a timer can be, where the host wants to be left alone for a month', async () => {
    expect(await lengthOf(1, 2_592_000_000)).toBe(2 ** 31 - 1);
  });

  it('is no shorter because the host wants less', async () => {
    expect(await lengthOf(4, 1000)).toBe(4000);
  });
});

it('ends at once when nobody wants the file any more', async () => {
  const pause = pauseBefore(5, controller.signal);
  const reason = new Error('left');
  controller.abort(reason);
  await expect(pause).rejects.toBe(reason);
  expect(vi.getTimerCount()).toBe(0);
});

it('leaves nothing behind at the signal, which outlives it', async () => {
  const {signal} = controller;
  const remove = vi.spyOn(signal, 'removeEventListener');
  const add = vi.spyOn(signal, 'addEventListener');
  await lengthOf(1);
  expect(remove).toHaveBeenCalledWith('abort', add.mock.calls[0]?.[1]);
});

it('ends early on an event', async () => {
  const target = new EventTarget();
  const pause = pauseBefore(10, controller.signal, {endsOn: {target, type: 'online'}});
  target.dispatchEvent(new Event('online'));
  await pause;
  expect(vi.getTimerCount()).toBe(0);
});
