import {setTimeout as wait} from 'node:timers/promises';
import type {Body} from './Answer.ts';

/** Time as the code sees it, so that a test can hold it. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

const systemClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds) => wait(milliseconds),
};

const STEP_MS = 10;
/** A client that stops reading gets at most so much at once when it reads again, as from a buffer. */
const BUFFER_MS = 50;

/** Returns a body that is read at a speed. The time that its client needs counts, and is not added. */
export const slowBody = (body: Body, bytesPerSecond: number, clock = systemClock): Body => ({
  size: body.size,
  async *read(start, end) {
    const step = Math.max(1, Math.round((bytesPerSecond * STEP_MS) / 1000));
    let due = clock.now();
    for (let at = start; at < end; at += step) {
      const stop = Math.min(at + step, end);
      yield* body.read(at, stop);
      due = Math.max(due + ((stop - at) / bytesPerSecond) * 1000, clock.now() - BUFFER_MS);
      await clock.wait(Math.max(due - clock.now(), 0));
    }
  },
});
