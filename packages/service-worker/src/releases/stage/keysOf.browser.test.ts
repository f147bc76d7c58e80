import {beforeAll, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import {routedPlugins} from '../../worker/routes.ts';
import {WorkerState} from '../../worker/WorkerState.ts';
import {keysOf} from './keysOf.ts';

/** As a `StableKeyPlugin` looks from outside. */
const keyPlugin = (change: (url: string) => string): WorkboxPlugin => {
  const plugin = {holdfast: 'stableKey', keyOf: change};
  return plugin as WorkboxPlugin;
};

const other: WorkboxPlugin = {cacheKeyWillBeUsed: async ({request}) => request};
const withoutQuery = keyPlugin((url) => url.replace(/\?.*/, ''));
const fromMirror = keyPlugin((url) => url.replace('mirror.test', 'a.test'));
const event = new ExtendableEvent('message') as ExtendableMessageEvent;

let of: (url: string) => string[];

beforeAll(() => {
  registerRoute(/^.*\/models\//, new CacheFirst({plugins: [other, withoutQuery]}));
  registerRoute(/^.*\/mirrored\//, new CacheFirst({plugins: [fromMirror, withoutQuery]}));
  registerRoute(/^.*\/plain\//, new CacheFirst({plugins: [other]}));
  registerRoute(/^.*\/handled\//, async () => new Response());
  registerRoute(
    ({event: of, url}) => url.pathname.startsWith('/throws/') && (of as FetchEvent).request.url !== '',
    new CacheFirst(),
  );
});

beforeEach(() => {
  of = keysOf(new WorkerState(routedPlugins), event);
});

describe('the keys of a URL', () => {
  it('are made by the route that answers it, alone', () => {
    expect(of('https://a.test/models/x?token=secret')).toEqual(['https://a.test/models/x']);
    expect(of('https://mirror.test/models/x')).toEqual(['https://mirror.test/models/x']);
  });

  it('are made by the first plugin of that route that makes keys', () => {
    expect(of('https://mirror.test/mirrored/x?a')).toEqual(['https://a.test/mirrored/x?a']);
  });

  it('are the URL without its fragment if that route makes no keys', () => {
    expect(of('https://mirror.test/plain/x?a#fragment')).toEqual(['https://mirror.test/plain/x?a']);
  });

  it.each(['unrouted', 'handled', 'throws'])(
    'are made by all routes in turn if no strategy is known for it: %s',
    (folder) => {
      expect(of(`https://mirror.test/${folder}/x?a#b`)).toEqual([
        `https://mirror.test/${folder}/x`,
        `https://a.test/${folder}/x?a#b`,
        `https://mirror.test/${folder}/x`,
        `https://mirror.test/${folder}/x?a`,
      ]);
    },
  );

  it('are spelled as a request is', () => {
    expect(keysOf(new WorkerState(), event)('HTTPS://A.test/x/../y z')).toEqual(['https://a.test/y%20z']);
  });

  it('do not look up the plugins of all routes for each URL', () => {
    const plugins = vi.fn(() => [withoutQuery]);
    const keys = keysOf(new WorkerState(plugins), event);
    keys('https://a.test/unrouted/1');
    keys('https://a.test/unrouted/2');
    expect(plugins).toHaveBeenCalledOnce();
  });
});
