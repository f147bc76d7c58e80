import type {Manifest} from '@holdfast/manifest';
import {beforeEach, expect, it, vi} from 'vitest';

let storage: {persisted: () => Promise<boolean>; persist: () => Promise<boolean>};
let persistIfLarge: typeof import('./persistIfLarge.ts').persistIfLarge;

const manifestOf = (...sizes: (number | undefined)[]): Manifest => ({
  assets: sizes.map((size, index) => ({
    url: `https://models.example.com/${index}`,
    ...(size === undefined ? {} : {size}),
  })),
});

beforeEach(async () => {
  storage = {persisted: vi.fn(async () => false), persist: vi.fn(async () => true)};
  vi.stubGlobal('navigator', {storage});
  vi.resetModules();
  ({persistIfLarge} = await import('./persistIfLarge.ts'));
});

it.each([
  ['10 MB in all', manifestOf(4_000_000, 6_000_000)],
  ['a file of unknown size', manifestOf(1, undefined)],
  ['files that only the worker knows', undefined],
])('asks for %s, once in the life of a page', async (_what, manifest) => {
  const answers = [persistIfLarge(manifest), persistIfLarge(manifest)];
  expect(answers.map((answer) => answer())).toEqual([undefined, undefined]);
  await vi.waitFor(() => expect(answers.map((answer) => answer())).toEqual([true, true]));
  expect(storage.persist).toHaveBeenCalledTimes(1);
});

it('asks nobody for little, and says how it is', async () => {
  const answer = persistIfLarge(manifestOf(9_999_999));
  await vi.waitFor(() => expect(answer()).toBe(false));
  expect(storage.persist).not.toHaveBeenCalled();
});

it('asks nobody where it is granted already', async () => {
  storage.persisted = async () => true;
  const answer = persistIfLarge(undefined);
  await vi.waitFor(() => expect(answer()).toBe(true));
  expect(storage.persist).not.toHaveBeenCalled();
});

it('waits for no answer, and fails with none', async () => {
  const persist = vi.fn(() => Promise.reject(new Error('no')));
  storage.persist = persist;
  const answer = persistIfLarge(undefined);
  await vi.waitFor(() => expect(persist).toHaveBeenCalled());
  await persist.mock.results[0]?.value.catch(() => undefined);
  expect(answer()).toBeUndefined();

  vi.stubGlobal('navigator', {});
  expect(persistIfLarge(undefined)()).toBeUndefined();
});
