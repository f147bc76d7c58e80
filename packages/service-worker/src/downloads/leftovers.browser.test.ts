import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {deleteLeftovers, watchForLeftovers} from './leftovers.ts';
import {Piece} from './Piece.ts';
import {filesInPieces, PieceStore} from './PieceStore.ts';
import {bytesOf, drain, Host} from './testing/Host.ts';
import {obtain} from './underWay.ts';

const FILE = bytesOf(100);
const NOW = Date.parse('2026-08-20T12:00:00Z');
const DAY = 24 * 60 * 60 * 1000;
const SIZES = {minBytes: 1, pieceBytes: 10};

let host: Host;

beforeEach(() => {
  vi.useFakeTimers({now: NOW, toFake: ['Date']});
  host = new Host(FILE, 4);
  vi.stubGlobal('fetch', host.fetch);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** What a worker that has died has left of a file, so long ago. */
const leave = async (
  key: string,
  bytes: number,
  ago: number,
  {home = 'models', isChecked = false} = {},
): Promise<void> => {
  vi.setSystemTime(NOW - ago);
  const store = await PieceStore.resume({home, key});
  await store.describe({size: 100, validator: '"one"', headers: []});
  const piece = new Piece(0, bytes);
  piece.add(FILE.slice(0, bytes));
  await store.put(piece);
  await store.check(isChecked);
  vi.setSystemTime(NOW);
};

const storeWhole = async (key: string): Promise<void> =>
  (await caches.open('models')).put(key, new Response(FILE, {headers: {vary: 'Accept'}}));

const keysInPieces = async (): Promise<string[]> => (await filesInPieces()).map(({key}) => key);

const urlOf = (name: string): string => `https://a.test/${encodeURIComponent(name)}`;

it('of earlier workers are deleted: what nobody goes on with, what has been put together, and what is for nothing', async () => {
  await leave(urlOf('begun a week ago'), 50, 7 * DAY + 1);
  await leave(urlOf('begun this week'), 50, 7 * DAY);
  await leave(urlOf('whole a year ago'), 100, 365 * DAY, {isChecked: true});
  await leave(urlOf('whole a week ago, not checked'), 100, 7 * DAY + 1);
  await leave(urlOf('whole this week'), 100, DAY);
  await leave(urlOf('of a cache that has gone'), 100, DAY, {home: 'gone'});
  await leave(urlOf('put together'), 100, DAY);
  await storeWhole(urlOf('put together'));
  await leave(urlOf('put together, and damaged since'), 50, DAY);
  await storeWhole(urlOf('put together, and damaged since'));
  await leave(urlOf('on its way'), 50, 8 * DAY);
  await obtain(
    {
      key: urlOf('on its way'),
      request: new Request(urlOf('on its way')),
      home: 'models',
      mayBeStored: () => true,
    },
    SIZES,
    async () => undefined,
  );
  await caches.open('of somebody else');
  await caches.delete('gone');
  await deleteLeftovers();
  expect(await keysInPieces()).toEqual([
    urlOf('begun this week'),
    urlOf('whole a year ago'),
    urlOf('whole this week'),
    urlOf('on its way'),
  ]);
  expect(await caches.keys()).toEqual(expect.arrayContaining(['models', 'of somebody else']));
});

it('are looked for once in the life of a worker', async () => {
  await deleteLeftovers();
  await leave(urlOf('old'), 50, 8 * DAY);
  await deleteLeftovers();
  expect(await keysInPieces()).toEqual([urlOf('old')]);
});

it.each([
  {type: 'RELEASES_EVICTED', payload: {line: 'models', evicted: ['v1'], kept: ['v2']}},
  {type: 'CACHES_DROPPED', payload: {dropped: ['models-v1']}},
])('go with their release, also of a file that is on its way: $type', async (event) => {
  watchForLeftovers();
  watchForLeftovers();
  await leave(urlOf('of another release'), 50, DAY, {home: 'models-v2'});
  await leave(urlOf('of the release'), 100, DAY, {home: 'models-v1'});
  const key = urlOf(`on its way, ${event.type}`);
  host.holdAt(36);
  const begun = await obtain(
    {key, request: new Request(key), home: 'models-v1', mayBeStored: () => true},
    SIZES,
    async () => undefined,
  );
  if (!('download' in begun)) {
    throw new Error('This is a large file.');
  }
  const {download, part} = begun;
  const bytes = drain(download.read({start: 0, end: 100}));
  const all = download.fetchAll(part);
  all.catch(() => undefined);
  await vi.waitFor(() => expect(host.sent).toBe(36));

  const page = new BroadcastChannel('holdfast');
  page.postMessage({type: 'VERSION_SWITCHED', payload: {}});
  await caches.delete('models-v1');
  page.postMessage(event);
  await vi.waitFor(() => expect(download.isClosed).toBe(true));
  host.goOn();
  // The page has its bytes all the same.
  expect(await bytes).toEqual(FILE);
  await expect(all).rejects.toMatchObject({name: 'AbortError'});
  await vi.waitFor(async () => expect(await keysInPieces()).toEqual([urlOf('of another release')]));
  page.close();
});
