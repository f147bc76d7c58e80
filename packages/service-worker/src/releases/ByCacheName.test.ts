import {expect, it} from 'vitest';
import {ByCacheName} from './ByCacheName.ts';

const param = {cacheName: 'x', request: new Request('https://a.test/'), event: {} as ExtendableEvent};

it('gives each plugin one state per request', async () => {
  const seen: unknown[] = [];
  const plugin = () => ({
    cachedResponseWillBeUsed: async ({state}: {state?: object}) => {
      seen.push(state);
      return null;
    },
    cacheDidUpdate: async ({state}: {state?: object}) => {
      seen.push(state);
    },
  });
  const byCacheName = new ByCacheName([plugin(), plugin()]);
  const newResponse = new Response();
  for (const state of [{}, {}]) {
    await byCacheName.cachedResponseWillBeUsed({...param, state});
    await byCacheName.cacheDidUpdate({...param, newResponse, state});
  }

  expect(seen.map((state) => seen.indexOf(state))).toEqual([0, 1, 0, 1, 4, 5, 4, 5]);
});

it('gives each plugin the response that the one before it returned', async () => {
  const last = new Response('last');
  const byCacheName = new ByCacheName([
    {cachedResponseWillBeUsed: async () => null},
    {cacheDidUpdate: async () => {}},
    {cachedResponseWillBeUsed: async ({cachedResponse}) => (cachedResponse ? null : last)},
  ]);
  const cachedResponse = new Response('first');

  expect(await byCacheName.cachedResponseWillBeUsed({...param, cachedResponse, state: {}})).toBe(last);
});

it.each([[{}], [42], [[{cacheDidUpdate: async () => {}}, undefined]]])(
  'throws for %o in its constructor, and not at every request',
  (plugins) => {
    expect(() => new ByCacheName(plugins as never)).toThrow(TypeError);
  },
);
