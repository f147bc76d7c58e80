import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import {StrictQuotaGuardPlugin} from '../../guard/StrictQuotaGuardPlugin.ts';
import {IntegrityPlugin} from '../../integrity/IntegrityPlugin.ts';
import {StableKeyPlugin} from '../../keys/index.ts';
import {routedPlugins} from '../../worker/routes.ts';
import {WorkerState} from '../../worker/WorkerState.ts';
import {PlainVersionScopePlugin} from '../PlainVersionScopePlugin.ts';
import {Releases} from '../Releases.ts';
import {readRecords} from '../records.ts';
import {clearStorage} from '../testing/clearStorage.ts';
import {OldCaches} from './OldCaches.ts';

const HOST = 'https://assets.test';
const urlOf = (name: string, version = 'v1'): string => `${HOST}/models/${version}/${name}`;
/** SHA-256 of `right`. */
const RIGHT = 'sha256-JwQvTm7KfQsqfuQCbfLs+lHTM55tEiqgmRGOzYVjutk=';

const worker = new WorkerState(routedPlugins);
const strategy = new CacheFirst({
  cacheName: 'of-the-route',
  plugins: [
    new StableKeyPlugin(),
    new StrictQuotaGuardPlugin({}, worker),
    new IntegrityPlugin({assets: [{url: urlOf('listed.bin'), integrity: RIGHT}]}, worker),
    new PlainVersionScopePlugin({prefix: 'models', pattern: /\/models\/(?<version>v\d+)\//}, worker),
  ],
});
registerRoute(/^https:\/\/assets\.test\/models\//, strategy);
const guarded = new CacheFirst({cacheName: 'guarded', plugins: [new StrictQuotaGuardPlugin({}, worker)]});
registerRoute(/^https:\/\/assets\.test\/guarded\//, guarded);

registerRoute(({url}) => {
  if (url.pathname.startsWith('/fails/')) {
    throw new Error('The route of somebody else fails.');
  }
  return false;
}, guarded);

let requested: string[];

const fill = async (cacheName: string, url: string, body = 'old', type = 'application/octet-stream') =>
  (await caches.open(cacheName)).put(url, new Response(body, {headers: {'content-type': type}}));

const entriesOf = async (cacheName: string): Promise<string[] | undefined> =>
  (await caches.has(cacheName))
    ? (await (await caches.open(cacheName)).keys()).map(({url}) => url)
    : undefined;

/** Loads a file as a page does. */
const load = async (url: string, {handler} = {handler: strategy}): Promise<string> => {
  const event = new ExtendableEvent('fetch');
  const [response, done] = handler.handleAll({event, request: new Request(url)});
  const text = await (await response).text();
  await done;
  return text;
};

const adopt = async (...names: string[]): Promise<void> => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
  const adopted = new OldCaches(worker, names).adopt();
  await vi.advanceTimersByTimeAsync(5000);
  vi.useRealTimers();
  await adopted;
};

beforeEach(() => {
  requested = [];
  vi.stubGlobal('fetch', async ({url}: Request) => {
    requested.push(url);
    return new Response('new', {headers: {'content-type': 'application/octet-stream'}});
  });
  worker.part(Releases).adopted = new OldCaches(worker, ['models', 'elsewhere']);
});

afterEach(async () => {
  vi.unstubAllGlobals();
  worker.part(Releases).adopted = undefined;
  worker.part(Releases).forget();
  await clearStorage();
});

it('a file of an older cache is moved when a page asks for it, and nothing is downloaded', async () => {
  await fill('models', urlOf('a.bin'));
  expect(await load(urlOf('a.bin'))).toBe('old');
  expect(requested).toEqual([]);
  expect(await entriesOf('models-v1')).toEqual([urlOf('a.bin')]);
  expect(await entriesOf('models')).toEqual([]);
  expect(await load(urlOf('a.bin'))).toBe('old');
});

it('a file is found by any spelling of its URL', async () => {
  await fill(
    'models',
    `${urlOf('a.bin')}?X-Amz-Signature=1&X-Amz-Algorithm=2&X-Amz-Credential=3&X-Amz-Date=4&X-Amz-Expires=5&X-Amz-SignedHeaders=6`,
  );
  expect(await load(urlOf('a.bin'))).toBe('old');
  expect(requested).toEqual([]);
});

it('the rest is moved in the background, each file into its release, and the cache is deleted', async () => {
  await fill('models', urlOf('a.bin'));
  await fill('models', urlOf('b.bin', 'v2'));
  await fill('elsewhere', urlOf('c.bin', 'v2'));
  await adopt('models', 'elsewhere', 'never-there');
  expect(await entriesOf('models-v1')).toEqual([urlOf('a.bin')]);
  expect(await entriesOf('models-v2')).toEqual([urlOf('b.bin', 'v2'), urlOf('c.bin', 'v2')]);
  expect(await entriesOf('models')).toBeUndefined();
  expect(await entriesOf('elsewhere')).toBeUndefined();
  expect(await entriesOf('never-there')).toBeUndefined();
});

it('a file whose digest is known is verified, and what is wrong is deleted', async () => {
  await fill('models', urlOf('listed.bin'), 'wrong');
  expect(await load(urlOf('listed.bin'))).toBe('new');
  expect(await entriesOf('models')).toEqual([]);
  await fill('elsewhere', urlOf('listed.bin'), 'right');
  worker.part(Releases).adopted = new OldCaches(worker, ['elsewhere']);
  expect(await load(urlOf('listed.bin'))).toBe('right');
});

it('what is not the asset is deleted', async () => {
  await fill('models', urlOf('a.bin'), '<!doctype html>', 'text/html');
  await adopt('models');
  expect(await entriesOf('models')).toBeUndefined();
  expect(await load(urlOf('a.bin'))).toBe('new');
});

it('entries that no route of ours answers stay, with their cache', async () => {
  await fill('models', urlOf('a.bin'));
  await fill('models', `${HOST}/pictures/a.png`);
  await adopt('models');
  expect(await entriesOf('models')).toEqual([`${HOST}/pictures/a.png`]);
});

it('a file that the release has by now is deleted', async () => {
  await load(urlOf('a.bin'));
  await fill('models', urlOf('a.bin'));
  await adopt('models');
  expect(await load(urlOf('a.bin'))).toBe('new');
  expect(await entriesOf('models')).toBeUndefined();
});

it('a file that storage has no room for stays where it is, and is answered from there', async () => {
  await fill('models', urlOf('a.bin'));
  const put = vi.spyOn(Cache.prototype, 'put');
  put.mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
  await adopt('models');
  expect(await load(urlOf('a.bin'))).toBe('old');
  expect(await load(urlOf('a.bin'))).toBe('old');
  expect(put).toHaveBeenCalledTimes(2);
  put.mockRestore();
  expect(await entriesOf('models')).toEqual([urlOf('a.bin')]);
  expect(requested).toEqual([]);
  // A worker that starts later tries again.
  await adopt('models');
  expect(await entriesOf('models')).toBeUndefined();
});

it('a route that fails for one entry keeps no other from being moved', async () => {
  await fill('models', `${HOST}/fails/a.bin`);
  await fill('models', urlOf('a.bin'));
  await adopt('models');
  expect(await entriesOf('models')).toEqual([`${HOST}/fails/a.bin`]);
  expect(await entriesOf('models-v1')).toEqual([urlOf('a.bin')]);
});

it('a release that is only moved counts as unused: the first switch keeps the one that a page has used', async () => {
  await fill('models', urlOf('a.bin', 'v1'));
  await fill('models', urlOf('a.bin', 'v2'));
  vi.stubGlobal('clients', {matchAll: async () => [{id: 'page'}]});
  const event = Object.assign(new ExtendableEvent('fetch'), {clientId: 'page'});
  const [response, done] = strategy.handleAll({event, request: new Request(urlOf('a.bin', 'v2'))});
  expect(await (await response).text()).toBe('old');
  await done;
  await adopt('models');
  const usedAt = Object.fromEntries(
    (await readRecords('cache')).map((cache) => [cache.version, cache.usedAt]),
  );
  expect(usedAt).toEqual({v1: undefined, v2: expect.any(Number)});
});

it('files of a route without releases are moved into the cache of its strategy', async () => {
  await fill('models', `${HOST}/guarded/a.bin`);
  await adopt('models');
  expect(await entriesOf('guarded')).toEqual([`${HOST}/guarded/a.bin`]);
  expect(await entriesOf('models')).toBeUndefined();
});

it('the cache that a route has today is left alone', async () => {
  await fill('guarded', `${HOST}/guarded/a.bin`);
  await adopt('guarded');
  expect(await entriesOf('guarded')).toEqual([`${HOST}/guarded/a.bin`]);
});
