import type {Manifest} from '@holdfast/manifest';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {Persistence} from './Persistence.ts';

let storage: {persisted: () => Promise<boolean>; persist: () => Promise<boolean>};
let persistence: Persistence;

const manifestOf = (...sizes: (number | undefined)[]): Manifest => ({
  assets: sizes.map((size, index) => ({
    url: `https://models.example.com/${index}`,
    ...(size === undefined ? {} : {size}),
  })),
});

beforeEach(() => {
  storage = {persisted: vi.fn(async () => false), persist: vi.fn(async () => true)};
  vi.stubGlobal('navigator', {storage});
  persistence = new Persistence();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it.each([
  ['10 MB in all', manifestOf(4_000_000, 6_000_000)],
  ['a file of unknown size', manifestOf(1, undefined)],
  ['files that only the worker knows', undefined],
])('asks for persistent storage for %s, once in the life of a page', async (_what, manifest) => {
  const answers = [persistence.askIfLarge(manifest), persistence.askIfLarge(manifest)];
  expect(answers.map((answer) => answer())).toEqual([undefined, undefined]);
  await vi.waitFor(() => expect(answers.map((answer) => answer())).toEqual([true, true]));
  expect(storage.persist).toHaveBeenCalledTimes(1);
});

it('does not ask for less, and returns whether storage is persistent', async () => {
  const answer = persistence.askIfLarge(manifestOf(9_999_999));
  await vi.waitFor(() => expect(answer()).toBe(false));
  expect(storage.persist).not.toHaveBeenCalled();
});

it('does not ask where storage is persistent already', async () => {
  storage.persisted = async () => true;
  const answer = persistence.askIfLarge();
  await vi.waitFor(() => expect(answer()).toBe(true));
  expect(storage.persist).not.toHaveBeenCalled();
});

it('neither waits for an answer nor fails without one', async () => {
  const persist = vi.fn(() => Promise.reject(new Error('no')));
  storage.persist = persist;
  const answer = persistence.askIfLarge();
  await vi.waitFor(() => expect(persist).toHaveBeenCalled());
  await persist.mock.results[0]?.value.catch(() => undefined);
  expect(answer()).toBeUndefined();

  vi.stubGlobal('navigator', {});
  expect(persistence.askIfLarge()()).toBeUndefined();
});
