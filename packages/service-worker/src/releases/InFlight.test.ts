import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {type Flight, InFlight, type Place} from './InFlight.ts';

const place: Place = {key: 'https://a.test/model', cacheName: 'assets-v1'};

let inFlight: InFlight;

beforeEach(() => {
  inFlight = new InFlight();
  vi.useFakeTimers({toFake: ['setTimeout']});
});

afterEach(() => {
  vi.useRealTimers();
});

/** A look into the cache, which finds what is there at that time. */
const cacheWith = (...found: (string | undefined)[]) => vi.fn(async () => found.shift());

/** A request looks, from now on. */
const look = (find: () => Promise<string | undefined>) =>
  inFlight.findOrBegin(place, false, inFlight.ends, find);

/** Waits until all promises have settled that can. */
const idle = (): Promise<void> => new Promise(setImmediate);

describe('a flight', () => {
  it('is found from its beginning to its end', () => {
    expect(inFlight.get(place)).toBeUndefined();
    const flight = inFlight.begin(place);
    expect(inFlight.get({...place})).toBe(flight);
    flight.end(true);
    expect(inFlight.get(place)).toBeUndefined();
  });

  it('belongs to one asset in one release', () => {
    inFlight.begin(place);
    expect(inFlight.get({...place, cacheName: 'assets-v2'})).toBeUndefined();
    expect(inFlight.get({...place, key: 'https://a.test/labels'})).toBeUndefined();
  });

  it('that ends late does not remove the next one', () => {
    const late = inFlight.begin(place);
    const next = inFlight.begin(place);
    late.end(false);
    expect(inFlight.get(place)).toBe(next);
    next.end(true);
    expect(inFlight.get(place)).toBeUndefined();
  });

  it.each([true, false])(
    'tells all that wait whether another had better begin again: %s',
    async (isWorthAnother) => {
      const flight = inFlight.begin(place);
      const waiting = Promise.all([inFlight.whenEnded(flight), inFlight.whenEnded(flight)]);
      flight.end(isWorthAnother);
      flight.end(!isWorthAnother);
      expect(await waiting).toEqual([isWorthAnother, isWorthAnother]);
      expect(await inFlight.whenEnded(flight)).toBe(isWorthAnother);
    },
  );

  it('is counted once, when it ends', () => {
    const flight = inFlight.begin(place);
    expect(inFlight.ends).toBe(0);
    flight.end(true);
    flight.end(true);
    expect(inFlight.ends).toBe(1);
  });
});

describe('a flight without progress', () => {
  /** Waits for a flight. Returns a mock that is called when the wait ends. */
  const waitFor = (flight: Flight) => {
    const ended = vi.fn();
    inFlight.whenEnded(flight).then(ended, ended);
    return ended;
  };

  it('is waited for no longer than five seconds, and makes room for the next one', async () => {
    const flight = inFlight.begin(place);
    const ended = waitFor(flight);
    await vi.advanceTimersByTimeAsync(4999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledExactlyOnceWith(undefined);
    expect(inFlight.get(place)).toBeUndefined();
  });

  it('is waited for as long as it makes progress, however slow', async () => {
    const flight = inFlight.begin(place);
    const ended = waitFor(flight);
    for (let times = 0; times < 20; times += 1) {
      await vi.advanceTimersByTimeAsync(4000);
      flight.signs += 1;
    }
    expect(ended).not.toHaveBeenCalled();
    expect(inFlight.get(place)).toBe(flight);
    flight.end(true);
    await idle();
    expect(ended).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('whose bytes arrive unseen is waited for half a minute', async () => {
    const flight = inFlight.begin(place);
    flight.isUnseen = true;
    const ended = waitFor(flight);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledExactlyOnceWith(undefined);
  });

  it('that ends after all does not remove the one that took its place, and is counted', async () => {
    const stalled = inFlight.begin(place);
    waitFor(stalled);
    await vi.advanceTimersByTimeAsync(5000);
    const next = inFlight.begin(place);
    stalled.end(false);
    expect(inFlight.get(place)).toBe(next);
    expect(inFlight.ends).toBe(1);
  });

  it('leaves no timer behind after its end', async () => {
    const flight = inFlight.begin(place);
    waitFor(flight);
    flight.end(true);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a request that looks for an asset', () => {
  it('gets a stored asset at once, even while it is being fetched again', async () => {
    const flight = inFlight.begin(place);
    expect(await look(cacheWith('stored'))).toEqual({found: 'stored'});
    expect(inFlight.get(place)).toBe(flight);
  });

  it('begins a flight when the asset is neither stored nor in flight', async () => {
    const find = cacheWith(undefined, 'too late');
    const {found, flight} = await look(find);
    expect(found).toBeUndefined();
    expect(flight).toBeDefined();
    expect(inFlight.get(place)).toBe(flight);
    expect(flight?.followsStalled).toBe(false);
    expect(find).toHaveBeenCalledOnce();
  });

  it('begins the only flight, however many look at the same time', async () => {
    const looks = Array.from({length: 3}, () => look(cacheWith(undefined, 'stored')));
    const {flight} = (await looks[0]) ?? {};
    flight?.end(false);
    expect(await Promise.all(looks.slice(1))).toEqual([{found: 'stored'}, {found: 'stored'}]);
  });

  it('waits for a flight, and finds the asset then', async () => {
    const flight = inFlight.begin(place);
    const settled = vi.fn();
    const looking = look(cacheWith(undefined, 'stored')).finally(settled);
    await idle();
    expect(settled).not.toHaveBeenCalled();
    flight.end(false);
    expect(await looking).toEqual({found: 'stored'});
  });

  it('waits for a flight that began during the look', async () => {
    const looking = look(cacheWith(undefined, 'stored'));
    const flight = inFlight.begin(place);
    await idle();
    flight.end(false);
    expect(await looking).toEqual({found: 'stored'});
  });

  it('looks again when a flight ended during the look', async () => {
    const flight = inFlight.begin(place);
    const looking = look(cacheWith(undefined, 'stored'));
    flight.end(false);
    expect(await looking).toEqual({found: 'stored'});
  });

  it('looks again when a flight ended after the look began that it was given', async () => {
    const endsSeen = inFlight.ends;
    inFlight.begin(place).end(false);
    const find = cacheWith(undefined, 'stored');
    expect(await inFlight.findOrBegin(place, false, endsSeen, find)).toEqual({found: 'stored'});
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('looks once where all flights ended before', async () => {
    inFlight.begin(place).end(false);
    const find = cacheWith(undefined, 'one look too many');
    expect((await look(find)).flight).toBeDefined();
    expect(find).toHaveBeenCalledOnce();
  });

  it('finds what another request stored, although the flight that it waited for was interrupted', async () => {
    const first = inFlight.begin(place);
    const looking = look(cacheWith(undefined, 'stored', 'one look too many'));
    await idle();
    first.end(true);
    inFlight.begin(place);
    expect(await looking).toEqual({found: 'stored'});
  });

  it('has to fetch the asset when another flight would do no better, and waits for no other', async () => {
    const first = inFlight.begin(place);
    const looking = look(cacheWith(undefined, undefined, 'stored by the next one'));
    await idle();
    first.end(false);
    const next = inFlight.begin(place);
    expect(await looking).toEqual({found: undefined});
    expect(inFlight.get(place)).toBe(next);
  });

  it('takes over when the flight that it waited for was interrupted', async () => {
    const first = inFlight.begin(place);
    const looking = look(cacheWith());
    await idle();
    first.end(true);
    const {found, flight} = await looking;
    expect(found).toBeUndefined();
    expect(flight).toBeDefined();
    expect(inFlight.get(place)).toBe(flight);
  });

  it('waits for the flight that takes over', async () => {
    const first = inFlight.begin(place);
    const settled = vi.fn();
    const find = cacheWith(undefined, undefined, 'stored by the next one');
    const looking = look(find).finally(settled);
    await idle();
    first.end(true);
    const next = inFlight.begin(place);
    await idle();
    expect(settled).not.toHaveBeenCalled();
    next.end(false);
    expect(await looking).toEqual({found: 'stored by the next one'});
    expect(find).toHaveBeenCalledTimes(3);
  });

  it('takes over a flight that has stalled, and the others wait for it', async () => {
    inFlight.begin(place);
    const [first, second] = [look(cacheWith()), look(cacheWith(undefined, undefined, 'stored'))];
    await idle();
    await vi.advanceTimersByTimeAsync(5000);
    const {flight} = await first;
    expect(flight?.followsStalled).toBe(true);
    expect(inFlight.get(place)).toBe(flight);
    flight?.end(false);
    expect(await second).toEqual({found: 'stored'});
  });

  it('is rejected when the look fails', async () => {
    await expect(look(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
  });
});

describe('a request that can read along with a flight', () => {
  const lookAlong = (find: () => Promise<string | undefined>) =>
    inFlight.findOrBegin(place, true, inFlight.ends, find);

  it('begins a flight that others can read along with', async () => {
    const {flight} = await lookAlong(cacheWith());
    expect(await lookAlong(cacheWith())).toEqual({});
    expect(inFlight.get(place)).toBe(flight);
  });

  it('waits for a flight that cannot be read along with', async () => {
    const flight = inFlight.begin(place);
    const looking = lookAlong(cacheWith(undefined, 'stored by now'));
    await idle();
    flight.end(false);
    expect(await looking).toEqual({found: 'stored by now'});
  });

  it('makes requests wait that cannot', async () => {
    const {flight} = await lookAlong(cacheWith());
    const looking = look(cacheWith(undefined, 'stored by now'));
    await idle();
    flight?.end(false);
    expect(await looking).toEqual({found: 'stored by now'});
  });
});
