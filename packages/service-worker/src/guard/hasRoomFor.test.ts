import {afterEach, expect, it, vi} from 'vitest';
import {hasRoomFor} from './hasRoomFor.ts';

const MEGABYTE = 1024 * 1024;
const body = (bytes: number) => new Response(null, {headers: {'content-length': String(bytes)}});
const browserReports = (estimate: () => Promise<StorageEstimate>) =>
  vi.stubGlobal('navigator', {storage: {estimate}});

afterEach(() => vi.unstubAllGlobals());

it('is false when the browser reports less room', async () => {
  browserReports(async () => ({quota: 100 * MEGABYTE, usage: 90 * MEGABYTE}));
  expect(await hasRoomFor(body(11 * MEGABYTE))).toBe(false);
  expect(await hasRoomFor(body(10 * MEGABYTE))).toBe(true);
});

it('does not ask for small bodies, nor for those of unknown size', async () => {
  const estimate = vi.fn(async () => ({quota: 0, usage: 0}));
  browserReports(estimate);
  expect(await hasRoomFor(body(1000))).toBe(true);
  expect(await hasRoomFor(new Response('unknown'))).toBe(true);
  expect(estimate).not.toHaveBeenCalled();
});

it('is true where the browser reports nothing', async () => {
  browserReports(() => Promise.reject(new TypeError('no estimate')));
  expect(await hasRoomFor(body(11 * MEGABYTE))).toBe(true);
  vi.stubGlobal('navigator', {});
  expect(await hasRoomFor(body(11 * MEGABYTE))).toBe(true);
});
