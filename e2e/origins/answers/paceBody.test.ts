import {setTimeout as wait} from 'node:timers/promises';
import {describe, expect, it} from 'vitest';
import {bytesBody} from './bytesBody.ts';
import {paceBody} from './paceBody.ts';

const MEGABYTE = 1_000_000;

const slowly = (bytes: number, bytesPerSecond: number): AsyncGenerator<Uint8Array> =>
  paceBody(bytesBody(new Uint8Array(bytes)), {
    fault: {kind: 'slow', bytesPerSecond},
    hold: () => Promise.resolve(),
  });

describe('a slow body', () => {
  it('comes at its speed to a client that takes its time, too', async () => {
    const started = performance.now();
    let received = 0;
    for await (const chunk of slowly(10 * MEGABYTE, 20 * MEGABYTE)) {
      received += chunk.byteLength;
      await wait(1);
    }
    const seconds = (performance.now() - started) / 1000;
    expect(received).toBe(10 * MEGABYTE);
    expect(seconds).toBeGreaterThan(0.45);
    expect(seconds).toBeLessThan(0.75);
  });

  it('does not make up for a client that stands still', async () => {
    const body = slowly(10 * MEGABYTE, 20 * MEGABYTE);
    await body.next();
    await wait(500);
    const started = performance.now();
    while (!(await body.next()).done) {}
    expect((performance.now() - started) / 1000).toBeGreaterThan(0.4);
  });
});
