import {describe, expect, it} from 'vitest';
import {bytesBody} from './bytesBody.ts';
import type {Clock} from './Pace.ts';
import {paceBody} from './paceBody.ts';

const MEGABYTE = 1_000_000;

/** A clock that stands still, except while the code waits. */
class HeldClock implements Clock {
  milliseconds = 0;

  now(): number {
    return this.milliseconds;
  }

  async wait(milliseconds: number): Promise<void> {
    this.milliseconds += milliseconds;
  }
}

/** 10 MB at 20 MB a second. */
const slowBytes = (clock: Clock): AsyncGenerator<Uint8Array> =>
  paceBody(
    bytesBody(new Uint8Array(10 * MEGABYTE)),
    {fault: {kind: 'slow', bytesPerSecond: 20 * MEGABYTE}, hold: () => Promise.resolve()},
    clock,
  );

describe('a slow body', () => {
  it('arrives at its speed, also for a client that needs time itself', async () => {
    const clock = new HeldClock();
    let received = 0;
    for await (const chunk of slowBytes(clock)) {
      received += chunk.byteLength;
      await clock.wait(1);
    }
    expect(received).toBe(10 * MEGABYTE);
    expect(clock.now()).toBeCloseTo(500);
  });

  it('does not catch up for a client that stops reading', async () => {
    const clock = new HeldClock();
    const body = slowBytes(clock);
    await body.next();
    await clock.wait(500);
    const resumed = clock.now();
    while (!(await body.next()).done) {}
    // 10 ms of the body were read before, and 50 ms may be buffered.
    expect(clock.now() - resumed).toBeCloseTo(440);
  });
});
