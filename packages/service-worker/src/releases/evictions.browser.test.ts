import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {EVENT_CHANNEL, type VersionScopeEvent} from './events.ts';
import {evictionsSoFar, isEvicted, noteEviction} from './evictions.ts';

/** Release `v1` of the line, as it is pinned now. */
const pinNow = (line = 'assets-en') => ({line, version: 'v1', evictionsSeen: evictionsSoFar()});

describe('a release', () => {
  it('is evicted when all but others go after it was pinned', () => {
    const pin = pinNow();
    expect(isEvicted(pin)).toBe(false);
    noteEviction({line: pin.line, kept: ['v2']});
    expect(isEvicted(pin)).toBe(true);
  });

  it('stays evicted when a later eviction keeps it: what was there before is gone', () => {
    const pin = pinNow();
    noteEviction({line: pin.line, kept: ['v2']});
    noteEviction({line: pin.line, kept: ['v1', 'v2']});
    expect(isEvicted(pin)).toBe(true);
  });

  it('is not evicted by what came before it was pinned', () => {
    noteEviction({line: 'assets-en', kept: []});
    expect(isEvicted(pinNow())).toBe(false);
  });

  it('is not evicted when it is kept', () => {
    const pin = pinNow();
    noteEviction({line: pin.line, kept: ['v2', 'v1']});
    expect(isEvicted(pin)).toBe(false);
  });

  it('is not evicted with one of another line', () => {
    const pin = pinNow('assets-en');
    noteEviction({line: 'assets-en-us', kept: []});
    expect(isEvicted(pin)).toBe(false);
  });

  it('is evicted when those of all lines go', () => {
    const pin = pinNow();
    noteEviction({kept: []});
    expect(isEvicted(pin)).toBe(true);
  });
});

describe('another worker of the origin', () => {
  let other: BroadcastChannel;
  const tell = (event: VersionScopeEvent): void => other.postMessage(event);

  beforeEach(() => {
    other = new BroadcastChannel(EVENT_CHANNEL);
  });

  afterEach(() => {
    other.close();
  });

  it('evicts for this one, too', async () => {
    const [evicted, kept, elsewhere] = [pinNow(), {...pinNow(), version: 'v2'}, pinNow('assets-de')];
    tell({type: 'RELEASES_EVICTED', payload: {line: 'assets-en', evicted: ['v1'], kept: ['v2']}});
    await vi.waitFor(() => expect(isEvicted(evicted)).toBe(true));
    expect(isEvicted(kept)).toBe(false);
    expect(isEvicted(elsewhere)).toBe(false);
  });

  it('drops what all lines have', async () => {
    const pins = [pinNow('assets-en'), pinNow('assets-de')];
    tell({type: 'CACHES_DROPPED', payload: {dropped: ['assets-en-v1']}});
    await vi.waitFor(() => expect(pins.map(isEvicted)).toEqual([true, true]));
  });

  it('evicts nothing with what else it tells', async () => {
    const before = evictionsSoFar();
    tell({type: 'VERSION_SWITCHED', payload: {line: 'assets-en', version: 'v2'}});
    tell({type: 'ASSET_STORED', payload: {key: 'https://a.test/', cacheName: 'assets-en-v1'}});
    tell({type: 'CACHES_DROPPED', payload: {dropped: []}});
    await vi.waitFor(() => expect(evictionsSoFar()).toBeGreaterThan(before));
    expect(evictionsSoFar()).toBe(before + 1);
  });
});
