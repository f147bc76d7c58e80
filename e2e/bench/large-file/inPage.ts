import {execFileSync} from 'node:child_process';
import type {Page} from 'playwright';

/**
 * Fetches a file in a page, to its last byte, and keeps nothing.
 *
 * @returns milliseconds.
 * @throws what the page's fetch throws, and an error if the file has another size.
 */
export const fetchInPage = (page: Page, url: string, size: number): Promise<number> =>
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

/** Resolves when {@link fetchInPage} has read so many bytes in a page. */
export const whenRead = async (page: Page, bytes: number): Promise<void> => {
  await page.waitForFunction((count) => Reflect.get(globalThis, 'bytesRead') === count, bytes, {
    timeout: 120_000,
  });
};

/** Resolves when the worker has stored so many pieces of a file: it may be behind the host. */
export const whenPiecesStored = (page: Page, pieces: number): Promise<void> =>
  page.evaluate(async (count) => {
    const stored = async (): Promise<number> => {
      const name = (await caches.keys()).find((each) => each.startsWith('holdfast-pieces '));
      const keys = name === undefined ? [] : await (await caches.open(name)).keys();
      return keys.filter(({url}) => /\d+-\d+\?/.test(url)).length;
    };
    while ((await stored()) < count) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }, pieces);

/**
 * Resolves when the file is an ordinary entry of a cache, no pieces of it are left, and all of it is on the
 * disk: work in the background must not slow down the next measurement.
 *
 * @returns milliseconds since the call.
 */
export const whenStored = async (page: Page, url: string): Promise<number> => {
  const milliseconds = await page.evaluate(async (asset) => {
    const start = performance.now();
    const isStored = async (): Promise<boolean> =>
      (await caches.match(asset)) !== undefined &&
      !(await caches.keys()).some((name) => name.startsWith('holdfast-pieces '));
    while (!(await isStored())) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return performance.now() - start;
  }, url);
  flushDisk();
  return milliseconds;
};

/** Deletes everything that is stored, of all ways. */
export const deleteAll = async (page: Page): Promise<void> => {
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
