import {type CacheQueryOptions, caches, type RequestInfo, Response} from 'undici';
import type {Gate} from './Gate.ts';

/** What the browser still lets the origin store, in bytes. Deleted bytes do not count as free at once. */
export interface Room {
  left: number;
}

const put = async (
  cache: Awaited<ReturnType<typeof caches.open>>,
  key: RequestInfo,
  response: Response,
  {gate, room}: {gate: Gate; room: Room},
): Promise<void> => {
  await gate.step(() => undefined);
  const {status, statusText, headers} = response;
  const bytes = await response.arrayBuffer();
  await gate.step(() => {
    if (bytes.byteLength > room.left) {
      throw new DOMException('The quota is exceeded.', 'QuotaExceededError');
    }
    room.left -= bytes.byteLength;
    return cache.put(key, new Response(bytes, {status, statusText, headers}));
  });
};

/**
 * The caches as a worker sees them, which outlive it. A put reads the body first, and stores it in one step: a worker that
 * is killed before leaves nothing.
 */
export const gatedCaches = (gate: Gate, room: Room) => ({
  match: (key: RequestInfo, options?: CacheQueryOptions) => gate.step(() => caches.match(key, options)),
  has: (name: string) => gate.step(() => caches.has(name)),
  keys: () => gate.step(() => caches.keys()),
  delete: (name: string) => gate.step(() => caches.delete(name)),
  open: (name: string) =>
    gate.step(async () => {
      const cache = await caches.open(name);
      return {
        match: (key: RequestInfo, options?: CacheQueryOptions) => gate.step(() => cache.match(key, options)),
        keys: () => gate.step(() => cache.keys()),
        delete: (key: RequestInfo, options?: CacheQueryOptions) =>
          gate.step(() => cache.delete(key, options)),
        put: (key: RequestInfo, response: Response) => gate.own(put(cache, key, response, {gate, room})),
      };
    }),
});
