import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {StallWatch} from './StallWatch.ts';

let outer: AbortController;
let watch: StallWatch;

beforeEach(() => {
  vi.useFakeTimers();
  outer = new AbortController();
  watch = new StallWatch(outer.signal);
});

afterEach(() => {
  vi.useRealTimers();
});

it('gives up what has not come for half a minute', () => {
  vi.advanceTimersByTime(29_999);
  expect([watch.signal.aborted, watch.isStalled]).toEqual([false, false]);
  vi.advanceTimersByTime(1);
  expect([watch.signal.aborted, watch.isStalled]).toEqual([true, true]);
});

it('gives nothing up that goes on, however slow', () => {
  for (let times = 0; times < 10; times += 1) {
    vi.advanceTimersByTime(29_999);
    watch.alive();
  }
  expect(watch.signal.aborted).toBe(false);
  vi.advanceTimersByTime(30_000);
  expect(watch.signal.aborted).toBe(true);
});

it('gives up at once what nobody wants any more, which has not stalled', () => {
  outer.abort();
  expect([watch.signal.aborted, watch.isStalled]).toEqual([true, false]);
});

it('gives nothing up that has ended', () => {
  watch.end();
  vi.advanceTimersByTime(60_000);
  outer.abort();
  expect([watch.signal.aborted, watch.isStalled]).toEqual([false, false]);
  expect(vi.getTimerCount()).toBe(0);
});
