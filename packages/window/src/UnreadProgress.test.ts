import type {StageProgress} from '@holdfast/service-worker/messages';
import {expect, it} from 'vitest';
import {UnreadProgress} from './UnreadProgress.ts';

const progress = (version: string, state: StageProgress['state'], fetched = 0): StageProgress => ({
  line: 'models-en-us',
  version,
  state,
  assets: 4,
  verified: 0,
  waiting: 0,
  totalBytes: 100,
  bytes: {present: 0, reused: 0, fetched},
});

const takeAll = (unread: UnreadProgress): StageProgress[] => {
  const taken: StageProgress[] = [];
  for (let next = unread.take(); next; next = unread.take()) {
    taken.push(next);
  }
  return taken;
};

it('keeps the newest progress of each running stage', () => {
  const unread = new UnreadProgress();
  for (let fetched = 0; fetched < 1000; fetched++) {
    unread.add(progress('v1', 'running', fetched));
    unread.add(progress('v2', 'running', fetched));
  }
  expect(takeAll(unread)).toEqual([progress('v1', 'running', 999), progress('v2', 'running', 999)]);
  expect(unread.take()).toBeUndefined();
});

it('keeps lines apart', () => {
  const unread = new UnreadProgress();
  const ofAnotherLine = {...progress('v1', 'running'), line: 'models-de-de'};
  unread.add(progress('v1', 'running'));
  unread.add(ofAnotherLine);
  expect(takeAll(unread)).toEqual([progress('v1', 'running'), ofAnotherLine]);
});

it('keeps every end, and the order within a release', () => {
  const unread = new UnreadProgress();
  const reported = [
    progress('v1', 'running', 1),
    progress('v1', 'failed', 2),
    progress('v2', 'running', 3),
    progress('v1', 'running', 4),
    progress('v1', 'aborted', 5),
    progress('v1', 'running', 6),
    progress('v1', 'running', 7),
    progress('v2', 'done', 8),
  ];
  for (const each of reported) {
    unread.add(each);
  }
  expect(takeAll(unread)).toEqual([
    progress('v1', 'failed', 2),
    progress('v2', 'done', 8),
    progress('v1', 'aborted', 5),
    progress('v1', 'running', 7),
  ]);
});
