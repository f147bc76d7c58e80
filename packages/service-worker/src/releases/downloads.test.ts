import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {beginDownload, type Download, downloadOf, endsSoFar, findOrBegin, whenEnded} from './downloads.ts';

/** A place of its own for each test: what is under way is known to the whole worker. */
let places = 0;
const newPlace = () => {
  places += 1;
  return {key: `https://a.test/${places}`, cacheName: 'assets-v1'};
};

/** The clients that the browser knows. */
let there: string[];

beforeEach(() => {
  there = ['page'];
  vi.stubGlobal('self', {
    clients: {get: async (id: string) => (there.includes(id) ? {id} : undefined)},
  });
  vi.useFakeTimers({toFake: ['setTimeout']});
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A look into the cache: it finds what is there at that time. */
const cacheWith = (...found: (string | undefined)[]) => vi.fn(async () => found.shift());

/** A client looks, from now on. */
const look = (place: ReturnType<typeof newPlace>, find: () => Promise<string | undefined>, client = 'page') =>
  findOrBegin(place, client, false, endsSoFar(), find);

/** Until everything has gone on that could: nothing here takes more than promises. */
const idle = (): Promise<void> => new Promise(setImmediate);

describe('a download', () => {
  it('is known from its beginning to its end', () => {
    const place = newPlace();
    expect(downloadOf(place)).toBeUndefined();
    const download = beginDownload(place);
    expect(downloadOf({...place})).toBe(download);
    download.end(true);
    expect(downloadOf(place)).toBeUndefined();
  });

  it('is that of one asset in one release', () => {
    const place = newPlace();
    const download = beginDownload(place);
    expect(downloadOf({...place, cacheName: 'assets-v2'})).toBeUndefined();
    expect(downloadOf(newPlace())).toBeUndefined();
    download.end(true);
  });

  it('that ends late does not take the next one with it', () => {
    const place = newPlace();
    const late = beginDownload(place);
    const next = beginDownload(place);
    late.end(false);
    expect(downloadOf(place)).toBe(next);
    next.end(true);
    expect(downloadOf(place)).toBeUndefined();
  });

  it.each([true, false])(
    'tells all who wait whether it had better begin again: %s',
    async (isWorthAnother) => {
      const download = beginDownload(newPlace());
      const waiting = Promise.all([whenEnded(download), whenEnded(download)]);
      download.end(isWorthAnother);
      download.end(!isWorthAnother);
      expect(await waiting).toEqual([isWorthAnother, isWorthAnother]);
      expect(await whenEnded(download)).toBe(isWorthAnother);
    },
  );

  it('is counted once, when it has ended', () => {
    const before = endsSoFar();
    const download = beginDownload(newPlace());
    expect(endsSoFar()).toBe(before);
    download.end(true);
    download.end(true);
    expect(endsSoFar()).toBe(before + 1);
  });
});

describe('a download that stands still', () => {
  /** Someone waits for it. @returns what tells whether he still does. */
  const waitFor = (download: Download) => {
    const ended = vi.fn();
    whenEnded(download).then(ended, ended);
    return ended;
  };

  it('is waited for as long as its page is there, and not any more when that has gone', async () => {
    const download = beginDownload(newPlace(), 'page');
    const ended = waitFor(download);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(ended).not.toHaveBeenCalled();
    there = [];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ended).toHaveBeenCalledExactlyOnceWith(false);
    download.end(true);
  });

  it('is waited for where it is nobody’s', async () => {
    const download = beginDownload(newPlace());
    there = [];
    const ended = waitFor(download);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(ended).not.toHaveBeenCalled();
    download.end(true);
    await idle();
    expect(ended).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('is looked after no longer than it lasts', async () => {
    const download = beginDownload(newPlace(), 'page');
    waitFor(download);
    download.end(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('who looks for an asset', () => {
  it('has it at once when it is there, whoever is bringing it in again', async () => {
    const place = newPlace();
    const download = beginDownload(place);
    expect(await look(place, cacheWith('stored'))).toEqual({found: 'stored'});
    expect(downloadOf(place)).toBe(download);
    download.end(true);
  });

  it('begins to fetch it when it is not there and nobody is bringing it in', async () => {
    const place = newPlace();
    const find = cacheWith(undefined, 'too late');
    const {found, download} = await look(place, find, 'page');
    expect(found).toBeUndefined();
    expect(download).toBeDefined();
    expect(downloadOf(place)).toBe(download);
    expect(download?.client).toBe('page');
    expect(find).toHaveBeenCalledOnce();
    download?.end(false);
  });

  it('begins to fetch it alone, however many look at the same time', async () => {
    const place = newPlace();
    const looks = ['a', 'b', 'c'].map((client) => look(place, cacheWith(undefined, 'stored'), client));
    const {download} = (await looks[0]) ?? {};
    download?.end(false);
    expect(await Promise.all(looks.slice(1))).toEqual([{found: 'stored'}, {found: 'stored'}]);
  });

  it('waits for the one who is bringing it in, and finds it then', async () => {
    const place = newPlace();
    const download = beginDownload(place);
    const settled = vi.fn();
    const looking = look(place, cacheWith(undefined, 'stored')).finally(settled);
    await idle();
    expect(settled).not.toHaveBeenCalled();
    download.end(false);
    expect(await looking).toEqual({found: 'stored'});
  });

  it('waits for one that has begun while it looked', async () => {
    const place = newPlace();
    const looking = look(place, cacheWith(undefined, 'stored'));
    const download = beginDownload(place);
    await idle();
    download.end(false);
    expect(await looking).toEqual({found: 'stored'});
  });

  it('looks again when one has ended while it looked', async () => {
    const place = newPlace();
    const download = beginDownload(place);
    const looking = look(place, cacheWith(undefined, 'stored'));
    download.end(false);
    expect(await looking).toEqual({found: 'stored'});
  });

  it('looks again when one has ended since the look was begun that it was given', async () => {
    const place = newPlace();
    const endsSeen = endsSoFar();
    beginDownload(place).end(false);
    const find = cacheWith(undefined, 'stored');
    expect(await findOrBegin(place, 'page', false, endsSeen, find)).toEqual({found: 'stored'});
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('looks once where all had ended before', async () => {
    const place = newPlace();
    beginDownload(place).end(false);
    const find = cacheWith(undefined, 'asked once too often');
    const {download} = await look(place, find);
    expect(download).toBeDefined();
    expect(find).toHaveBeenCalledOnce();
    download?.end(false);
  });

  it('finds what somebody else has stored, although the one that it has waited for was broken off', async () => {
    const place = newPlace();
    const first = beginDownload(place);
    const looking = look(place, cacheWith(undefined, 'stored', 'asked once too often'));
    await idle();
    first.end(true);
    const next = beginDownload(place);
    expect(await looking).toEqual({found: 'stored'});
    next.end(false);
  });

  it('has to fetch it when another one would fare no better, and waits for no other', async () => {
    const place = newPlace();
    const first = beginDownload(place);
    const looking = look(place, cacheWith(undefined, undefined, 'stored by the next one'));
    await idle();
    first.end(false);
    const next = beginDownload(place);
    expect(await looking).toEqual({found: undefined});
    expect(downloadOf(place)).toBe(next);
    next.end(false);
  });

  it('takes over when the one that it has waited for was broken off', async () => {
    const place = newPlace();
    const first = beginDownload(place);
    const looking = look(place, cacheWith());
    await idle();
    first.end(true);
    const {found, download} = await looking;
    expect(found).toBeUndefined();
    expect(download).toBeDefined();
    expect(downloadOf(place)).toBe(download);
    download?.end(false);
  });

  it('waits for the one that takes over', async () => {
    const place = newPlace();
    const first = beginDownload(place);
    const settled = vi.fn();
    const find = cacheWith(undefined, undefined, 'stored by the next one');
    const looking = look(place, find).finally(settled);
    await idle();
    first.end(true);
    const next = beginDownload(place);
    await idle();
    expect(settled).not.toHaveBeenCalled();
    next.end(false);
    expect(await looking).toEqual({found: 'stored by the next one'});
    expect(find).toHaveBeenCalledTimes(3);
  });

  it('has to fetch it when nobody is left who would see that a download stands still', async () => {
    const place = newPlace();
    const download = beginDownload(place, 'page');
    const looking = look(place, cacheWith());
    await idle();
    there = [];
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await looking).toEqual({found: undefined});
    download.end(false);
  });

  it('is told when it cannot be looked for', async () => {
    await expect(look(newPlace(), () => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
  });
});

describe('whoever can read along with a download', () => {
  const lookAlong = (place: ReturnType<typeof newPlace>, find: () => Promise<string | undefined>) =>
    findOrBegin(place, 'page', true, endsSoFar(), find);

  it('begins one that others can read along with', async () => {
    const place = newPlace();
    const {download} = await lookAlong(place, cacheWith());
    expect(await lookAlong(place, cacheWith())).toEqual({});
    expect(downloadOf(place)).toBe(download);
    download?.end(false);
  });

  it('waits for one that nobody can read along with', async () => {
    const place = newPlace();
    const download = beginDownload(place);
    const looking = lookAlong(place, cacheWith(undefined, 'stored by now'));
    await idle();
    download.end(false);
    expect(await looking).toEqual({found: 'stored by now'});
  });

  it('holds up others, who cannot', async () => {
    const place = newPlace();
    const {download} = await lookAlong(place, cacheWith());
    const looking = look(place, cacheWith(undefined, 'stored by now'));
    await idle();
    download?.end(false);
    expect(await looking).toEqual({found: 'stored by now'});
  });
});
