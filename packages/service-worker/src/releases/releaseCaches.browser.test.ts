import {afterEach, expect, it} from 'vitest';
import {releaseCaches} from './releaseCaches.ts';
import type {Scope} from './releaseOf.ts';

const pattern = /\/resolve\/(?<locale>[^/]+)\/(?<version>v[^/]+)\//;
const KEY = 'https://huggingface.co/buckets/mailwoman/assets/resolve/en-us/v1/model.onnx';

const fill = async (...names: string[]): Promise<void> => {
  for (const name of names) {
    await (await caches.open(name)).put(KEY, new Response('six'));
  }
};

const found = async (scope: object): Promise<string[]> =>
  (await releaseCaches([scope as Scope])).map(({cacheName}) => cacheName);

afterEach(async () => {
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

it('finds the caches that have the name of a line and an asset of it, and no others', async () => {
  await fill(
    'assets-en-us-v1',
    'assets-en-us-v2',
    'assets',
    'assets-en',
    'assetsen-us-v1',
    'my-assets-en-us-v1',
  );
  await caches.open('assets-en-us-v3');
  expect(await found({prefix: 'assets', pattern})).toEqual(['assets-en-us-v1', 'assets-en-us-v2']);
});

// A production worker does not check its options.
it.each([undefined, null, '', 0, Number.NaN])(
  'finds none for a scope with %o as its prefix',
  async (prefix) => {
    await fill('-en-us-v1', 'en-us-v1', 'undefined-en-us-v1', 'null-en-us-v1', '0-en-us-v1', 'NaN-en-us-v1');
    expect(await found({prefix, pattern})).toEqual([]);
    expect(await found({pattern})).toEqual([]);
  },
);
