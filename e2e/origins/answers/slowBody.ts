import {setTimeout as wait} from 'node:timers/promises';
import type {Body} from './Answer.ts';

const STEP_MS = 10;
/** As much is held on the way when a client does not read, and comes at once when it does. */
const HELD_MS = 50;

/** The same body, at a pace: by the clock, so that the time which sending takes does not come on top. */
export const slowBody = (body: Body, bytesPerSecond: number): Body => ({
  size: body.size,
  async *read(start, end) {
    const step = Math.max(1, Math.round((bytesPerSecond * STEP_MS) / 1000));
    let due = performance.now();
    for (let at = start; at < end; at += step) {
      const stop = Math.min(at + step, end);
      yield* body.read(at, stop);
      due = Math.max(due + ((stop - at) / bytesPerSecond) * 1000, performance.now() - HELD_MS);
      await wait(Math.max(due - performance.now(), 0));
    }
  },
});
