import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {pauseBefore} from './pauseBefore.ts';

/** What a window hears. */
let heard: EventTarget;
let controller: AbortController;

beforeEach(() => {
  vi.useFakeTimers();
  heard = new EventTarget();
  controller = new AbortController();
  vi.stubGlobal('addEventListener', heard.addEventListener.bind(heard));
  vi.stubGlobal('removeEventListener', heard.removeEventListener.bind(heard));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it.each([
  [1, 500],
  [2, 1000],
  [3, 2000],
  [7, 30_000],
  [1000, 30_000],
])('after attempt %d in vain takes %d ms', async (attempts, ms) => {
  let isOver = false;
  const pause = pauseBefore(attempts, controller.signal).then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(ms - 1);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await pause;
});

it('is over when the network is back', async () => {
  const pause = pauseBefore(10, controller.signal);
  heard.dispatchEvent(new Event('online'));
  await pause;
  expect(vi.getTimerCount()).toBe(0);
});

it('ends with the reason of the signal', async () => {
  const pause = pauseBefore(10, controller.signal);
  controller.abort(new Error('not wanted any more'));
  await expect(pause).rejects.toThrow('not wanted any more');
  expect(vi.getTimerCount()).toBe(0);
});

it('does not begin when it is not wanted any more', async () => {
  controller.abort(new Error('not wanted any more'));
  await expect(pauseBefore(1, controller.signal)).rejects.toThrow('not wanted any more');
  expect(vi.getTimerCount()).toBe(0);
});
