/** A file of any size is stored and read back, in memory that does not grow with it. */
import {createHash} from 'node:crypto';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {CAN_MEASURE_MEMORY, peakMemory} from '../bench/memory/peakMemory.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {seededBody} from '../origins/content/seededBody.ts';

const MEBIBYTE = 1024 * 1024;

/** `HOLDFAST_HUGE_BYTES=3221225472` is for the long run of the tests: past 2 GB. */
const SIZE = Number(process.env.HOLDFAST_HUGE_BYTES ?? 256 * MEBIBYTE);
/**
 * The memory that the browser may take above its idle memory. A worker that holds the file in memory takes three times its
 * size. Most of what this one takes are chunks that passed through, and that the browser has not freed yet.
 */
const MAX_MEMORY = Math.min(SIZE, 768 * MEBIBYTE);

/** In milliseconds; for a disk that takes 5 MB a second. */
const TIMEOUT = 60_000 + SIZE / 5000;

const PATH = '/ordinary/huge.bin';
const file = seededBody('huge', SIZE);

let stage: Stage;
let page: Page;
let url: string;

beforeAll(async () => {
  stage = await openSharedStage(['downloads']);
  url = stage.app + PATH;
});

beforeEach(async () => {
  await stage.reset();
  stage.origins.app.set(PATH, file, {
    etag: '"huge"',
    'accept-ranges': 'bytes',
    // The browser's own cache would store a small file.
    'cache-control': 'no-cache',
  });
  page = await stage.openControlledPage();
});

afterAll(() => stage.close());

const sha256 = async (start: number, end: number): Promise<Buffer> => {
  const digest = createHash('sha256');
  for await (const chunk of file.read(start, end)) {
    digest.update(chunk);
  }
  return digest.digest();
};

/** Returns the SHA-256 of the digests of all blocks of 1 MiB: browsers cannot digest a stream. */
const digestOfFile = async (): Promise<string> => {
  const all = createHash('sha256');
  for (let at = 0; at < SIZE; at += MEBIBYTE) {
    all.update(await sha256(at, Math.min(at + MEBIBYTE, SIZE)));
  }
  return all.digest('hex');
};

/** Returns the same digest of what a page reads, block by block. */
const digestInPage = (): Promise<string> =>
  page.evaluate(
    async ([what, blockBytes]) => {
      const sha256 = (bytes: BufferSource) => crypto.subtle.digest('SHA-256', bytes);
      const digests: ArrayBuffer[] = [];
      const reader = (await fetch(what)).body?.getReader({mode: 'byob'});
      let block = new Uint8Array(blockBytes);
      let filled = 0;
      for (let isDone = !reader; reader && !isDone; ) {
        const {done, value} = await reader.read(block.subarray(filled));
        isDone = done;
        block = new Uint8Array(value?.buffer ?? new ArrayBuffer(0));
        filled += value?.byteLength ?? 0;
        if (filled === blockBytes || (done && filled > 0)) {
          digests.push(await sha256(block.subarray(0, filled)));
          filled = 0;
        }
      }
      const all = new Uint8Array(await sha256(await new Blob(digests).arrayBuffer()));
      return Array.from(all, (byte) => byte.toString(16).padStart(2, '0')).join('');
    },
    [url, MEBIBYTE] as const,
  );

/** Waits until the pieces are deleted. It opens no cache, since that could create it. */
const whenOneEntry = () =>
  expect.poll(() => page.evaluate(() => caches.keys()), {timeout: TIMEOUT}).toEqual(['ordinary']);

const partInPage = (start: number, end: number) =>
  page.evaluate(([what, range]) => load(what, {headers: {range}}), [
    url,
    `bytes=${start}-${end - 1}`,
  ] as const);

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return Math.round((performance.now() - startedAt) / 10) / 100;
};

it(
  'a file of any size is stored as one entry and read back, in memory that does not grow with it',
  async () => {
    const digest = await digestOfFile();
    const [start, end] = [SIZE - 5_000_001, SIZE - 4_000_001];
    const times: Record<string, number> = {};

    const storeAndReadBack = async (): Promise<void> => {
      times.toPage = await seconds(async () => expect(await digestInPage()).toBe(digest));
      times.toOneEntry = await seconds(whenOneEntry);
      expect(await page.evaluate(() => stored())).toEqual({ordinary: [url]});

      await stage.browser.setOffline(true);
      times.readBack = await seconds(async () => expect(await digestInPage()).toBe(digest));
      times.part = await seconds(async () =>
        expect(await partInPage(start, end)).toMatchObject({
          status: 206,
          sha256: (await sha256(start, end)).toString('hex'),
        }),
      );
    };

    if (CAN_MEASURE_MEMORY) {
      const peak = await peakMemory(storeAndReadBack);
      console.info(`${SIZE / MEBIBYTE} MiB, ${Math.round(peak / MEBIBYTE)} MiB of memory, seconds:`, times);
      expect(peak).toBeLessThan(MAX_MEMORY);
    } else {
      await storeAndReadBack();
    }
    expect(stage.origins.log.requests({path: PATH})).toHaveLength(1);
  },
  TIMEOUT,
);

it(
  'a page that stops reading does not delay the file, and keeps it out of memory',
  async () => {
    const stopReading = async (): Promise<void> => {
      const reader = await page.evaluateHandle(async (what) => {
        const reading = (await fetch(what)).body?.getReader();
        await reading?.read();
        return reading;
      }, url);
      await expect
        .poll(() => page.evaluate((what) => caches.match(what).then(Boolean), url), {
          timeout: TIMEOUT,
        })
        .toBe(true);
      await reader.evaluate((one) => one?.cancel());
    };

    if (CAN_MEASURE_MEMORY) {
      const peak = await peakMemory(stopReading);
      console.info(`${Math.round(peak / MEBIBYTE)} MiB of memory while a page does not read`);
      expect(peak).toBeLessThan(MAX_MEMORY);
    } else {
      await stopReading();
    }
  },
  TIMEOUT,
);
