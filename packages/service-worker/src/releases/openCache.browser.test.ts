import {afterEach, expect, it, vi} from 'vitest';
import {WorkerState} from '../worker/WorkerState.ts';
import {openCache} from './openCache.ts';
import {pinOf} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {readRecords} from './records.ts';
import {clearStorage} from './testing/clearStorage.ts';

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await clearStorage();
});

const open = async (): Promise<void> => {
  const releases = new WorkerState().part(Releases);
  await openCache(releases, pinOf(releases, 'https://a.test/v1/model', 'assets-en', 'v1'));
};

it('a cache is recorded before it is made', async () => {
  await open();
  expect(await readRecords('cache')).toEqual([{line: 'assets-en', version: 'v1'}]);
  expect(await caches.keys()).toEqual(['assets-en-v1']);
});

it('a cache that was there before is recorded as one that may be of another library', async () => {
  await caches.open('assets-en-v1');
  await open();
  expect(await readRecords('cache')).toEqual([{line: 'assets-en', version: 'v1', wasThere: true}]);
});

it('a cache that it makes is its own, however long storage takes to answer', async () => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
  const {has} = CacheStorage.prototype;
  vi.spyOn(CacheStorage.prototype, 'has').mockImplementation(async function (this: CacheStorage, name) {
    await vi.advanceTimersByTimeAsync(60_000);
    // Long enough for whatever does not wait for this answer.
    let isThere = false;
    for (let looks = 0; looks < 50 && !isThere; looks += 1) {
      isThere = await has.call(this, name);
    }
    return isThere;
  });
  await open();
  vi.useRealTimers();
  await vi.waitFor(async () => expect(await readRecords('cache')).toHaveLength(1));
  expect(await readRecords('cache')).toEqual([{line: 'assets-en', version: 'v1'}]);
});
