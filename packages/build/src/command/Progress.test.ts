import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {Progress} from './Progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('reports files and bytes once a second', () => {
  const report = vi.fn();
  const progress = new Progress(3, report);
  progress.read(1_000_000, 'a.bin');
  progress.finish();
  vi.advanceTimersByTime(999);
  progress.read(1_000_000, 'b.bin');
  expect(report).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  progress.read(1_250_000, 'b.bin');
  progress.read(1, 'b.bin');
  expect(report.mock.calls).toEqual([['1 of 3 files, 3.3 MB read, reading b.bin']]);
  progress.finish();
  vi.advanceTimersByTime(1000);
  progress.read(1, 'c.bin');
  expect(report).toHaveBeenLastCalledWith('2 of 3 files, 3.3 MB read, reading c.bin');
});
