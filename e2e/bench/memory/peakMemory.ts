import {setTimeout as wait} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';
import {LATEST, PEAK, type Watched} from './Watched.ts';

/** A browser whose memory is stable for so long is idle. */
const IDLE_MS = 1000;
const SAMPLE_EVERY_MS = 100;
const STABLE_BYTES = 2 * 1024 * 1024;

/** Only Linux reports what a process shares with others. */
export const CAN_MEASURE_MEMORY = process.platform === 'linux';

const whenIdle = async (bytes: Float64Array): Promise<number> => {
  for (;;) {
    const seen: number[] = [];
    for (let ms = 0; ms < IDLE_MS; ms += SAMPLE_EVERY_MS) {
      await wait(SAMPLE_EVERY_MS);
      seen.push(bytes[LATEST] ?? 0);
    }
    const lowest = Math.min(...seen);
    if (lowest > 0 && Math.max(...seen) - lowest <= STABLE_BYTES) {
      return lowest;
    }
  }
};

/**
 * Measures the peak memory of all processes below this one while something is done.
 *
 * @returns bytes above the idle memory before it.
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
