import {vi} from 'vitest';

/** Waits until a check passes, however busy the machine is. With a clock that is held, each check moves it a little. */
export const eventually = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
  vi.waitFor(check, {timeout: 12_000, interval: 5});
