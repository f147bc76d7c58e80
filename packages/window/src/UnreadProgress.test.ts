import type {StageProgress} from '@holdfast/service-worker/releases/stage/messages.js';
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
  bytes: {present: 0, 'carried-over': 0, fetched},
});

const takeAll = (unread: UnreadProgress): StageProgress[] => {
  const taken: StageProgress[] = [];
  for (let one = unread.take(); one; one = unread.take()) {
    taken.push(one);
  }
  return taken;
};

it('keeps of what is running the newest of each release', () => {
  const unread = new UnreadProgress();
  for (let fetched = 0; fetched < 1000; fetched++) {
    unread.add(progress('v1', 'running', fetched));
    unread.add(progress('v2', 'running', fetched));
  }
  expect(takeAll(unread)).toEqual([progress('v1', 'running', 999), progress('v2', 'running', 999)]);
  expect(unread.take()).toBeUndefined();
});

it('does not mix lines', () => {
  const unread = new UnreadProgress();
  const ofAnother = {...progress('v1', 'running'), line: 'models-de-de'};
  unread.add(progress('v1', 'running'));
  unread.add(ofAnother);
  expect(takeAll(unread)).toEqual([progress('v1', 'running'), ofAnother]);
});

it('keeps every end, in the order of a release', () => {
  const unread = new UnreadProgress();
  const told = [
    progress('v1', 'running', 1),
    progress('v1', 'failed', 2),
    progress('v2', 'running', 3),
    progress('v1', 'running', 4),
    progress('v1', 'aborted', 5),
    progress('v1', 'running', 6),
    progress('v1', 'running', 7),
    progress('v2', 'done', 8),
  ];
  for (const one of told) {
    unread.add(one);
  }
  expect(takeAll(unread)).toEqual([
    progress('v1', 'failed', 2),
    progress('v2', 'done', 8),
    progress('v1', 'aborted', 5),
    progress('v1', 'running', 7),
  ]);
});
