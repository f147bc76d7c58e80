import {beforeEach, expect, it} from 'vitest';
import type {DownloadProgress} from '../messages/protocol.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {PieceMemory} from './PieceMemory.ts';
import type {PieceStore} from './PieceStore.ts';
import {ProgressReport} from './ProgressReport.ts';

const SIZE = 1000;

let now: number;
let timer: {at: number; callback: () => void} | undefined;
let reports: DownloadProgress[];
let stored: number;
let report: ProgressReport;

beforeEach(() => {
  now = 0;
  timer = undefined;
  reports = [];
  stored = 0;
  const channel = {report: ({payload}: {payload: DownloadProgress}) => reports.push(payload)};
  const worker = {part: () => channel} as unknown as WorkerState;
  const store = {
    place: {key: 'https://a.test/model'},
    get ranges() {
      return [{start: 0, end: stored}];
    },
  } as unknown as PieceStore;
  const clock = {
    now: () => now,
    after: (milliseconds: number, callback: () => void) => {
      const next = {at: now + milliseconds, callback};
      timer = next;
      return () => {
        timer = timer === next ? undefined : timer;
      };
    },
  };
  report = new ProgressReport(worker, {size: SIZE, store, memory: new PieceMemory()}, clock);
});

const pass = (milliseconds: number): void => {
  const end = now + milliseconds;
  while (timer && timer.at <= end) {
    const {at, callback} = timer;
    now = at;
    timer = undefined;
    callback();
  }
  now = end;
};

const arrive = (bytes: number): void => {
  stored += bytes;
  report.reportRunning();
};

it('is made ten times a second at most, and of the last bytes, too', () => {
  for (let arrived = 0; arrived < 25; arrived++) {
    arrive(1);
    pass(10);
  }
  pass(100);
  expect(reports.map(({bytes}) => bytes)).toEqual([1, 10, 20, 25]);
});

it('has the speed, and how long it will take', () => {
  report.report('running');
  pass(1000);
  arrive(200);
  expect(reports.at(-1)).toEqual({
    key: 'https://a.test/model',
    state: 'running',
    bytes: 200,
    totalBytes: SIZE,
    bytesPerSecond: 200,
    secondsLeft: 4,
  });
});

it('shows that nothing arrives any more, and then rests', () => {
  arrive(10);
  pass(1000);
  arrive(200);
  pass(20_000);
  expect(reports.at(-1)).toMatchObject({bytes: 210, bytesPerSecond: 0, secondsLeft: undefined});
  expect(timer).toBeUndefined();
});

it('is made once of the end', () => {
  arrive(10);
  pass(50);
  arrive(SIZE - 10);
  report.report('done');
  pass(20_000);
  expect(reports.map(({state, bytes}) => [state, bytes])).toEqual([
    ['running', 10],
    ['done', SIZE],
  ]);
});
