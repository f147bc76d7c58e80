import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Evictions} from './Evictions.ts';
import {readChanges} from './records.ts';

const onChange = vi.fn();
let evictions: Evictions;

beforeEach(() => {
  onChange.mockReset();
  evictions = new Evictions(onChange);
});

/** Release `v1` of a line, as it is pinned now. */
const pinNow = (line = 'assets-en') => ({line, version: 'v1', evictionsSeen: evictions.count});

describe('a release', () => {
  it('counts as evicted when others are kept after it was pinned', () => {
    const pin = pinNow();
    expect(evictions.concern(pin)).toBe(false);
    evictions.note({line: pin.line, kept: ['v2']});
    expect(evictions.concern(pin)).toBe(true);
  });

  it('still counts as evicted when a later eviction keeps it: what it had before was deleted', () => {
    const pin = pinNow();
    evictions.note({line: pin.line, kept: ['v2']});
    evictions.note({line: pin.line, kept: ['v1', 'v2']});
    expect(evictions.concern(pin)).toBe(true);
  });

  it('does not count as evicted for an eviction before it was pinned', () => {
    evictions.note({line: 'assets-en', kept: []});
    expect(evictions.concern(pinNow())).toBe(false);
  });

  it('does not count as evicted when it is kept', () => {
    const pin = pinNow();
    evictions.note({line: pin.line, kept: ['v2', 'v1']});
    expect(evictions.concern(pin)).toBe(false);
  });

  it('does not count as evicted with a release of another line', () => {
    const pin = pinNow('assets-en');
    evictions.note({line: 'assets-en-us', kept: []});
    expect(evictions.concern(pin)).toBe(false);
  });

  it('counts as evicted when the releases of all lines are', () => {
    const pin = pinNow();
    evictions.note({kept: []});
    expect(evictions.concern(pin)).toBe(true);
  });
});

describe('another worker of the origin', () => {
  let other: Evictions;

  beforeEach(async () => {
    other = new Evictions(() => undefined);
    // The first look only tells where to begin.
    await evictions.refresh();
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  const nothing = (): void => undefined;

  it('evicts releases for this one, too', async () => {
    const [evicted, kept, elsewhere] = [pinNow(), {...pinNow(), version: 'v2'}, pinNow('assets-de')];
    await other.change(nothing, {line: 'assets-en', kept: ['v2']});
    await evictions.refresh();
    expect([evicted, kept, elsewhere].map((pin) => evictions.concern(pin))).toEqual([true, false, false]);
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('evicts the releases of all lines for this one, too', async () => {
    const pins = [pinNow('assets-en'), pinNow('assets-de')];
    await other.change(nothing, {kept: []});
    await evictions.refresh();
    expect(pins.map((pin) => evictions.concern(pin))).toEqual([true, true]);
  });

  it('is noticed when it changes something and evicts nothing', async () => {
    const pin = pinNow();
    await other.change(nothing);
    await evictions.refresh();
    expect(evictions.count).toBe(0);
    expect(evictions.concern(pin)).toBe(false);
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('is noticed once for each change, however often the records are looked at', async () => {
    await other.change(nothing, {kept: []});
    await Promise.all([evictions.refresh(), evictions.refresh()]);
    await evictions.refresh();
    expect(evictions.count).toBe(1);
    expect(onChange).toHaveBeenCalledOnce();
    await other.change(nothing, {kept: []});
    await evictions.refresh();
    expect(evictions.count).toBe(2);
    expect(onChange).toHaveBeenCalledTimes(2);
  });

  it('is noticed also by a change of this worker', async () => {
    const pin = pinNow();
    await other.change(nothing, {line: 'assets-en', kept: ['v2']});
    await evictions.change(nothing);
    expect(evictions.concern(pin)).toBe(true);
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('is noticed once when it changes the records right after this worker did', async () => {
    await Promise.all([
      evictions.change(nothing),
      other.change(nothing, {line: 'assets-en', kept: ['v2']}),
      evictions.refresh(),
    ]);
    await evictions.refresh();
    await evictions.refresh();
    expect(evictions.count).toBe(1);
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('does not count what it evicted before this worker started', async () => {
    await other.change(nothing, {kept: []});
    const late = new Evictions(onChange);
    await late.refresh();
    await late.refresh();
    expect(late.count).toBe(0);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('is noticed later where the records cannot be read', async () => {
    const pin = pinNow();
    await other.change(nothing, {kept: []});
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(() => {
      throw new DOMException('Unexpected internal error.', 'UnknownError');
    });
    await evictions.refresh();
    expect(evictions.concern(pin)).toBe(false);
    await evictions.refresh();
    expect(evictions.concern(pin)).toBe(true);
  });
});

describe('this worker’s own change', () => {
  it('is not taken for one of another worker', async () => {
    await evictions.refresh();
    evictions.note({line: 'assets-en', kept: ['v2']});
    await evictions.change(() => undefined, {line: 'assets-en', kept: ['v2']});
    await evictions.refresh();
    expect(evictions.count).toBe(1);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('is not taken for one of another worker when the records are looked at meanwhile', async () => {
    await evictions.refresh();
    const eviction = {line: 'assets-en', kept: ['v2']};
    evictions.note(eviction);
    const pin = pinNow();
    // The look comes after the change in storage, and may be answered first.
    await Promise.all([evictions.change(() => undefined, eviction), evictions.refresh()]);
    expect(evictions.count).toBe(1);
    expect(evictions.concern(pin)).toBe(false);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('is not made, and not counted, when it cannot be recorded', async () => {
    const before = await readChanges();
    const failing = evictions.change(
      () => {
        throw new Error('cannot be cloned');
      },
      {kept: []},
    );
    await expect(failing).rejects.toThrow('cannot be cloned');
    expect(await readChanges()).toEqual(before);
  });

  it('leaves the last fifty evictions in the records', async () => {
    for (let made = 0; made < 55; made += 1) {
      await evictions.change(() => undefined, {line: `assets-${made}`, kept: []});
    }
    const {count = 0, evictions: recorded = []} = (await readChanges()) ?? {};
    expect(recorded).toHaveLength(50);
    expect(recorded.at(-1)).toEqual({change: count, line: 'assets-54', kept: []});
    expect(recorded[0]).toEqual({change: count - 49, line: 'assets-5', kept: []});
  });
});
