import {vi} from 'vitest';

// A busy machine is slow, not wrong.
vi.setConfig({testTimeout: 120_000});

/** Waits until a check passes, however busy the machine is. With a clock that is held, each check moves it a little. */
export const eventually = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, {timeout: 60_000, interval: 5});
