import {describe, expect, it} from 'vitest';
import {type ReadEvent, readEvent} from './readEvent.ts';

const EVENTS: ReadEvent[] = [
  {
    type: 'STAGE_PROGRESS',
    payload: {
      line: 'models-en',
      version: 'v1',
      state: 'running',
      assets: 2,
      verified: 1,
      waiting: 0,
      totalBytes: 7,
      bytes: {present: 0, reused: 0, fetched: 3},
    },
  },
  {
    type: 'ASSET_STAGED',
    payload: {line: 'models-en', version: 'v1', key: 'https://a.test/a', from: 'fetched', bytes: 3},
  },
  {
    type: 'DOWNLOAD_PROGRESS',
    payload: {
      key: 'https://a.test/a',
      state: 'done',
      bytes: 7,
      totalBytes: 7,
      bytesPerSecond: 1.5,
      secondsLeft: undefined,
    },
  },
];

/** What no field of an event may be. */
const circular: Record<string, unknown> = {};
circular.self = circular;
const WRONG = [null, {}, circular, [], ['models-en'], 7n, -1, Number.NaN, true, new Date(), new Map()];

describe.each(EVENTS)('$type', (event) => {
  const {type, payload} = event;

  it('is read', () => {
    expect(readEvent(structuredClone(event))).toEqual(event);
  });

  it.each([undefined, 'text', 0, ...WRONG])('is ignored with the payload %o', (wrong) => {
    expect(readEvent({type, payload: wrong})).toBeUndefined();
  });

  it('is ignored with any field that is wrong', () => {
    for (const field of Object.keys(payload)) {
      for (const wrong of WRONG) {
        expect(
          readEvent({type, payload: {...payload, [field]: wrong}}),
          `${field}: ${wrong}`,
        ).toBeUndefined();
      }
    }
  });

  it('is ignored without any of its fields', () => {
    for (const field of Object.keys(payload).filter((name) => name !== 'secondsLeft')) {
      const {[field as never]: _left, ...rest} = payload;
      expect(readEvent({type, payload: rest}), field).toBeUndefined();
    }
  });
});

it.each([
  undefined,
  null,
  7,
  7n,
  'STAGE_PROGRESS',
  ['STAGE_PROGRESS'],
  circular,
  {type: 'STAGE_PROGRESS'},
  {type: ['STAGE_PROGRESS'], payload: EVENTS[0]?.payload},
  {type: 'toString', payload: {}},
  {type: 'constructor', payload: EVENTS[0]?.payload},
  {type: 'RELEASES_EVICTED', payload: {line: 'models-en', evicted: ['v1'], kept: []}},
  {payload: EVENTS[0]?.payload},
])('ignores %o', (data) => {
  expect(readEvent(data)).toBeUndefined();
});
