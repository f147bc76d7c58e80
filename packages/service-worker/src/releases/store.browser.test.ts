import {afterEach, describe, expect, it} from 'vitest';
import {type Pin, pin} from './pinned.ts';
import {store} from './store.ts';

const cacheName = 'models-en-v1';

const assetOf = (name: string): Pin => pin(`https://a.test/en/v1/${name}`, 'models-en', 'v1');

/** Pieces of a large file: the cache of its release is there for it, although it is empty. */
const beginLargeFile = async (): Promise<void> => {
  await caches.open(`holdfast-large-files ${cacheName} https://a.test/en/v1/large`);
  await caches.open(cacheName);
};

afterEach(async () => {
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** A body that breaks off when it is told to, and not before. */
const breakingLater = () => {
  let breakOff: () => void = () => undefined;
  const body = new ReadableStream({
    start: (sender) => {
      sender.enqueue(new TextEncoder().encode('half'));
      breakOff = () => sender.error(new TypeError('network error'));
    },
  });
  return {response: new Response(body), breakOff};
};

const breakingOff = (): Response => {
  const {response, breakOff} = breakingLater();
  breakOff();
  return response;
};

describe('a put that fails', () => {
  it('leaves no cache that was made for it', async () => {
    expect(await store(assetOf('model'), breakingOff())).toBe('body-incomplete');
    expect(await caches.has(cacheName)).toBe(false);
  });

  it('leaves an empty cache that a file in pieces may be waiting for', async () => {
    await beginLargeFile();
    expect(await store(assetOf('model'), breakingOff())).toBe('body-incomplete');
    expect(await caches.has(cacheName)).toBe(true);
  });

  it('leaves what another one has put into the cache that was made for it', async () => {
    const {response, breakOff} = breakingLater();
    const failing = store(assetOf('model'), response);
    expect(await store(assetOf('labels'), new Response('labels'))).toBeInstanceOf(Response);
    breakOff();
    expect(await failing).toBe('body-incomplete');
    expect(await (await caches.match(assetOf('labels').key, {cacheName}))?.text()).toBe('labels');
  });
});

describe('two puts at once that fail', () => {
  const twoFailing = () => {
    const [first, second] = [breakingLater(), breakingLater()];
    const stored = [store(assetOf('model'), first.response), store(assetOf('labels'), second.response)];
    return {first, second, stored};
  };

  it('leave no cache that was made for them', async () => {
    const {first, second, stored} = twoFailing();
    first.breakOff();
    expect(await stored[0]).toBe('body-incomplete');
    // The other one is still on its way into it.
    expect(await caches.has(cacheName)).toBe(true);
    second.breakOff();
    expect(await stored[1]).toBe('body-incomplete');
    expect(await caches.has(cacheName)).toBe(false);
  });

  it('leave no cache that was made for them when they fail in the same moment', async () => {
    const {first, second, stored} = twoFailing();
    first.breakOff();
    second.breakOff();
    expect(await Promise.all(stored)).toEqual(['body-incomplete', 'body-incomplete']);
    expect(await caches.has(cacheName)).toBe(false);
  });

  it('leave an empty cache that a file in pieces may be waiting for', async () => {
    await beginLargeFile();
    const {first, second, stored} = twoFailing();
    first.breakOff();
    second.breakOff();
    expect(await Promise.all(stored)).toEqual(['body-incomplete', 'body-incomplete']);
    expect(await caches.has(cacheName)).toBe(true);
  });
});
