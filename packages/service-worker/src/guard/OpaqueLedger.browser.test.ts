import {clear, createStore, promisifyRequest, set} from 'idb-keyval';
import {afterEach, expect, it, vi} from 'vitest';
import {OpaqueLedger} from './OpaqueLedger.ts';

const ledger = new OpaqueLedger();
const entries = createStore('holdfast-quota-guard', 'opaque');
const url = (n: number) => `https://assets.no-cors.test/opaque/${n}.bin`;
const LONG_AGO = Date.now() - 60 * 60 * 1000;

afterEach(async () => {
  await clear(entries);
  await caches.delete('opaque');
});

it('admits no more than are allowed, also when all arrive at once', async () => {
  const admitted = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => ledger.admit(url(n), 4)));
  expect(admitted.filter(Boolean)).toHaveLength(4);
});

it('counts a key once, however often it is stored again', async () => {
  expect(await ledger.admit(url(1), 1)).toBe(true);
  expect(await ledger.admit(url(1), 1)).toBe(true);
  expect(await ledger.admit(url(2), 1)).toBe(false);
});

it('removes what is in no cache, and keeps what is', async () => {
  await (await caches.open('opaque')).put(url(1), new Response('there'));
  await set(url(1), {key: url(1), admittedAt: LONG_AGO}, entries);
  await set(url(2), {key: url(2), admittedAt: LONG_AGO}, entries);

  expect(await ledger.admit(url(3), 2)).toBe(true);
  expect(await ledger.admit(url(4), 2)).toBe(false);
});

it('counts in a browser without Web Locks', async () => {
  vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as unknown as LockManager);
  expect(await ledger.admit(url(1), 1)).toBe(true);
  expect(await ledger.admit(url(2), 1)).toBe(false);
  vi.restoreAllMocks();
});

it('holds no query, and tells apart what differs in it', async () => {
  const signed = (signature: string): string => `${url(1)}?Signature=${signature}`;
  expect(await ledger.admit(signed('5ec1e7'), 2)).toBe(true);
  expect(await ledger.admit(signed('5ec1e7'), 1)).toBe(true);
  expect(await ledger.admit(signed('5ec1e8'), 2)).toBe(true);
  expect(await ledger.admit(signed('5ec1e9'), 2)).toBe(false);
  const held = await entries('readonly', (store) => promisifyRequest(store.getAll()));
  expect(JSON.stringify(held)).not.toContain('5ec1e7');
  expect(held).toHaveLength(2);
});
