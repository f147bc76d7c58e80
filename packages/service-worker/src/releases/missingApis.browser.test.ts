/** A browser may lack any of its storage, or refuse it, as in a private window. Pages get their bytes all the same. */
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {CacheFirst} from 'workbox-strategies';
import {ResumableCacheFirst} from '../downloads/ResumableCacheFirst.ts';
import {Channel} from '../messages/Channel.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {withLock} from './Locks.ts';
import {readFile, removeFiles} from './stage/releaseFiles.ts';
import {isBeingStaged} from './stage/withStageLock.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)(?:\/(?<version>v\d+))?\//};
const url = 'https://a.test/en/v1/model';

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('from the network', {headers: {'content-length': '16'}}));
  vi.stubGlobal('clients', {matchAll: async () => []});
});

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await clearStorage();
});

const refuse = async (): Promise<never> => {
  throw new DOMException('Internal error.', 'UnknownError');
};

const refused = () => {
  throw new DOMException('Refused.', 'SecurityError');
};

const LACKS: [string, () => void][] = [
  [
    'a cache that can be searched',
    () => vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(refuse),
  ],
  ['a cache that can be opened', () => vi.spyOn(CacheStorage.prototype, 'open').mockImplementation(refuse)],
  ['a cache that can be written', () => vi.spyOn(Cache.prototype, 'put').mockImplementation(refuse)],
  [
    'a cache that can be deleted',
    () => vi.spyOn(CacheStorage.prototype, 'delete').mockImplementation(refuse),
  ],
  ['an estimate', () => vi.spyOn(navigator.storage, 'estimate').mockImplementation(refuse)],
  ['navigator.storage', () => vi.spyOn(navigator, 'storage', 'get').mockReturnValue(undefined as never)],
  ['Web Locks', () => vi.spyOn(navigator, 'locks', 'get').mockReturnValue(undefined as never)],
  [
    'Web Locks that it does not refuse',
    () => vi.spyOn(LockManager.prototype, 'request').mockImplementation(refuse),
  ],
  ['IndexedDB', () => vi.stubGlobal('indexedDB', undefined)],
  ['IndexedDB that can be opened', () => vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(refused)],
  ['ranges of keys', () => vi.stubGlobal('IDBKeyRange', undefined)],
  ['BroadcastChannel', () => vi.stubGlobal('BroadcastChannel', undefined)],
  [
    'BroadcastChannel that can be posted to',
    () => vi.spyOn(BroadcastChannel.prototype, 'postMessage').mockImplementation(refused),
  ],
  ['a list of clients', () => vi.stubGlobal('clients', {matchAll: refuse})],
];

describe.each(LACKS)('a browser without %s', (_what, lack) => {
  it.each([
    ['CacheFirst', url],
    ['CacheFirst', 'https://a.test/en/model'],
    ['ResumableCacheFirst', url],
    ['ResumableCacheFirst without plugins', url],
  ])('answers a page: %s, %s', async (strategy, asked) => {
    const worker: WorkerState = new WorkerState(() => plugins);
    const plugins = [new VersionScopePlugin(scope, worker)];
    const options = {minBytes: 1, pieceBytes: 64 * 1024};
    const handler =
      strategy === 'CacheFirst'
        ? new CacheFirst({plugins})
        : new ResumableCacheFirst(
            strategy === 'ResumableCacheFirst' ? Object.assign({plugins}, options) : options,
            worker,
          );
    lack();
    const event = Object.assign(new ExtendableEvent('fetch'), {clientId: 'page'});
    const [response, done] = handler.handleAll({event, request: new Request(asked)});
    done.catch(() => undefined);
    expect(await (await response).text()).toBe('from the network');
    await done.catch(() => undefined);
  });
});

it('a report does not fail what it is about', () => {
  vi.stubGlobal('BroadcastChannel', undefined);
  expect(() => new Channel().report({type: 'QUOTA_EXCEEDED', payload: {usage: 0, quota: 0}})).not.toThrow();
});

describe('a lock that the browser refuses', () => {
  it('is done without', async () => {
    vi.spyOn(LockManager.prototype, 'request').mockImplementation(refuse);
    vi.spyOn(LockManager.prototype, 'query').mockImplementation(refuse);
    expect(await withLock('any', {}, refuse, async () => 'otherwise')).toBe('otherwise');
    expect(await isBeingStaged('assets-en', 'v1')).toBe(false);
  });

  it('does not do work twice that has failed', async () => {
    const otherwise = vi.fn();
    await expect(withLock('any', {}, refuse, otherwise)).rejects.toThrow('Internal error.');
    expect(otherwise).not.toHaveBeenCalled();
  });
});

describe('a browser without a private file system', () => {
  it.each([
    [
      'lacks navigator.storage',
      () => vi.spyOn(navigator, 'storage', 'get').mockReturnValue(undefined as never),
    ],
    [
      'refuses it in a private window',
      () => vi.spyOn(StorageManager.prototype, 'getDirectory').mockImplementation(async () => refused()),
    ],
  ])('has no files, and none to delete: it %s', async (_what, lack) => {
    lack();
    expect(await readFile({line: 'assets-en', version: 'v1'}, 'places.sqlite')).toBeUndefined();
    await removeFiles('assets-en', []);
  });
});
