import {execFileSync} from 'node:child_process';
import type {Page} from 'playwright';

/**
 * Fetches a file in a page, to its last byte, and keeps nothing of it.
 *
 * @returns milliseconds.
 * @throws what the page's fetch throws, and an error if the file has another size.
 */
export const download = (page: Page, url: string, size: number): Promise<number> =>
  page.evaluate(
    async ([asset, expected]) => {
      const start = performance.now();
      const reader = (await fetch(asset)).body?.getReader();
      let read = 0;
      for (let chunk = await reader?.read(); chunk?.value; chunk = await reader?.read()) {
        read += chunk.value.byteLength;
        Object.assign(globalThis, {bytesRead: read});
      }
      if (read !== expected) {
        throw new Error(`The page got ${read} bytes of ${expected}.`);
      }
      return performance.now() - start;
    },
    [url, size] as const,
  );

/** Resolves when a page that downloads has read so many bytes. */
export const whenRead = async (page: Page, bytes: number): Promise<void> => {
  await page.waitForFunction((count) => Reflect.get(globalThis, 'bytesRead') === count, bytes);
};

/**
 * Resolves when the file is an ordinary entry of a cache, nothing is left of the pieces that it may have come in, and
 * all of it has reached the disk: what is done behind the page's back is not to slow down whoever is measured next.
 *
 * @returns milliseconds since the call.
 */
export const whenStored = async (page: Page, url: string): Promise<number> => {
  const milliseconds = await page.evaluate(async (asset) => {
    const start = performance.now();
    const isStored = async (): Promise<boolean> =>
      (await caches.match(asset)) !== undefined &&
      !(await caches.keys()).some((name) => name.startsWith('holdfast-large-files '));
    while (!(await isStored())) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return performance.now() - start;
  }, url);
  flushDisk();
  return milliseconds;
};

/** Deletes everything that is stored, of all ways. */
export const forget = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      await caches.delete(name);
    }
  });
  flushDisk();
};

const flushDisk = (): void => {
  execFileSync('sync');
};
