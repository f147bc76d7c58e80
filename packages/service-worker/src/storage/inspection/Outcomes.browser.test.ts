import {beforeEach, expect, it} from 'vitest';
import {Channel} from '../../messages/Channel.ts';
import type {WorkerEvent} from '../../messages/protocol.ts';
import {WorkerState} from '../../worker/WorkerState.ts';
import {Outcomes} from './Outcomes.ts';

const KEY = 'https://a.test/model';

let worker: WorkerState;
let outcomes: Outcomes;

beforeEach(() => {
  worker = new WorkerState();
  outcomes = worker.part(Outcomes);
});

const report = (type: WorkerEvent['type'], payload: object): void =>
  worker.part(Channel).report({type, payload: {key: KEY, ...payload}} as WorkerEvent);

it('keeps the last reason of a key, until it is stored', () => {
  report('RESPONSE_REFUSED', {reason: 'status', status: 404});
  expect(outcomes.refusalOf([KEY])).toEqual({reason: 'status', status: 404, secondsAgo: 0});
  report('RESPONSE_REFUSED', {reason: 'html', status: 200});
  expect(outcomes.refusalOf([KEY])).toEqual({reason: 'html', status: undefined, secondsAgo: 0});
  report('ASSET_STORED', {cacheName: 'models'});
  expect(outcomes.refusalOf([KEY])).toBeNull();
});

it('keeps what is wrong with bytes, rather than that they were not stored for it', () => {
  report('INTEGRITY_FAILED', {reason: 'wrong-digest', expected: {}, got: {}});
  report('ASSET_NOT_STORED', {reason: 'integrity-failed'});
  expect(outcomes.refusalOf([KEY])?.reason).toBe('wrong-digest');
  report('ASSET_NOT_STORED', {reason: 'quota-exceeded'});
  expect(outcomes.refusalOf([KEY])?.reason).toBe('quota-exceeded');
});

it('finds a reason under any of the keys of a file', () => {
  report('ASSET_NOT_STORED', {reason: 'quota-exceeded'});
  expect(outcomes.refusalOf(['https://a.test/other', KEY])?.reason).toBe('quota-exceeded');
});

it('knows a download while it is running', () => {
  report('DOWNLOAD_PROGRESS', {state: 'running', bytes: 1});
  expect(outcomes.downloadOf([KEY])).toMatchObject({bytes: 1});
  report('DOWNLOAD_PROGRESS', {state: 'failed', bytes: 1});
  expect(outcomes.downloadOf([KEY])).toBeNull();
});

it('forgets the oldest of many', () => {
  report('RESPONSE_REFUSED', {reason: 'html', status: 200});
  for (let number = 0; number < 1000; number += 1) {
    report('RESPONSE_REFUSED', {key: `${KEY}/${number}`, reason: 'empty', status: 200});
  }
  expect(outcomes.refusalOf([KEY])).toBeNull();
  expect(outcomes.refusalOf([`${KEY}/0`])?.reason).toBe('empty');
});
