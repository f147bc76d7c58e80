import {setTimeout as wait} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';
import {LATEST, PEAK, type Watched} from './Watched.ts';

/** A browser that has done nothing for so long, and has not grown in it, is idle. */
const IDLE_MS = 1000;
const LOOK_EVERY_MS = 100;
const STILL_BYTES = 2 * 1024 * 1024;

/** Only Linux tells what a process shares with others. */
export const CAN_MEASURE_MEMORY = process.platform === 'linux';

const whenIdle = async (bytes: Float64Array): Promise<number> => {
  for (;;) {
    const seen: number[] = [];
    for (let ms = 0; ms < IDLE_MS; ms += LOOK_EVERY_MS) {
      await wait(LOOK_EVERY_MS);
      seen.push(bytes[LATEST] ?? 0);
    }
    const lowest = Math.min(...seen);
    if (lowest > 0 && Math.max(...seen) - lowest <= STILL_BYTES) {
      return lowest;
    }
  }
};

/**
 * How much more memory all processes below this one take while something is done, than they take at rest before it.
 *
 * @returns the peak, in bytes.
 */
export const peakMemory = async (work: () => Promise<unknown>): Promise<number> => {
  const bytes = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
  const watched: Watched = {root: process.pid, bytes};
  const sampler = new Worker(new URL('sampler.ts', import.meta.url), {workerData: watched});
  const idle = await whenIdle(bytes);
  bytes[PEAK] = idle;
  await work();
  await sampler.terminate();
  return (bytes[PEAK] ?? 0) - idle;
};
