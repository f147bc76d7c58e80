import {clear, createStore, set} from 'idb-keyval';
import {afterEach, expect, it} from 'vitest';
import {admitOpaque} from './opaqueLedger.ts';

const books = createStore('holdfast-quota-guard', 'opaque');
const url = (n: number) => `https://assets.no-cors.test/opaque/${n}.bin`;
const LONG_AGO = Date.now() - 60 * 60 * 1000;

afterEach(async () => {
  await clear(books);
  await caches.delete('opaque');
});

it('admits as many as are allowed, also when all come at once', async () => {
  const admitted = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => admitOpaque(url(n), 4)));
  expect(admitted.filter(Boolean)).toHaveLength(4);
});

it('counts a key once, however often it is renewed', async () => {
  expect(await admitOpaque(url(1), 1)).toBe(true);
  expect(await admitOpaque(url(1), 1)).toBe(true);
  expect(await admitOpaque(url(2), 1)).toBe(false);
});

it('strikes out what is in no cache any more, and keeps what is', async () => {
  await (await caches.open('opaque')).put(url(1), new Response('there'));
  await set(url(1), {key: url(1), admittedAt: LONG_AGO}, books);
  await set(url(2), {key: url(2), admittedAt: LONG_AGO}, books);

  expect(await admitOpaque(url(3), 2)).toBe(true);
  expect(await admitOpaque(url(4), 2)).toBe(false);
});
