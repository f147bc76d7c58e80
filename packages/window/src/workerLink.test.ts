import type {AnswerMessage, MessageType} from '@holdfast/service-worker/messages';
import {afterEach, expect, it, vi} from 'vitest';
import {fakeController} from './testing/fakeController.ts';
import {ask, workerLink} from './workerLink.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Has a worker control the page that gives the same answer to every message. */
const controlBy = (answer: AnswerMessage | undefined, waiting?: object): void => {
  vi.stubGlobal('navigator', {
    serviceWorker: {controller: fakeController(() => answer), getRegistration: async () => ({waiting})},
  });
};

const unsupported: AnswerMessage = {
  type: 'HOLDFAST_ERROR',
  payload: {message: 'not supported', isUnsupported: true},
};

it('returns the payload of the answer', async () => {
  const payload = {line: 'models-en-us', version: 'v1'};
  controlBy({type: 'HOLDFAST_ANSWER', payload});
  expect(await ask('HOLDFAST_CURRENT_VERSION', {line: {name: 'models-en-us'}}, 1)).toEqual(payload);
});

it('rejects with the reason of a worker that refuses', async () => {
  controlBy({type: 'HOLDFAST_ERROR', payload: {message: 'no previous release is kept'}});
  await expect(ask('HOLDFAST_ROLLBACK', {line: {name: 'models-en-us'}}, 1)).rejects.toMatchObject({
    code: 'refused',
    message: 'no previous release is kept',
  });
});

const STAGING = 'add `staging: true` to withHoldfast(), or `staging()` to the features of registerAssets().';

it.each<[MessageType, string]>([
  ['HOLDFAST_STAGE', STAGING],
  ['HOLDFAST_LIST_STAGES', STAGING],
  ['HOLDFAST_DOWNLOAD', "add a route with `handler: 'ResumableCacheFirst'`"],
  ['HOLDFAST_EXPLAIN', 'add `inspection: true` to withHoldfast(), or `inspection()`'],
  ['HOLDFAST_LIST_RELEASES', 'add `listing: true` to withHoldfast(), or `listing()`'],
  ['HOLDFAST_ROLLBACK', 'generate it with withHoldfast(), or call registerAssets() in it.'],
])('says what to write where the worker does not support %s', async (type, advice) => {
  controlBy(unsupported);
  await expect(ask(type, {} as never, 1)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining(`The service worker does not support ${type}: ${advice}`),
  });
});

it('rejects when the time is over, and asks whether the worker is one of ours', async () => {
  vi.useFakeTimers();
  controlBy(undefined);
  const error = ask('HOLDFAST_TURN_ON', {}, 10).catch(({message}: Error) => message);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await error).toBe(
    "Waited 10 s for the worker's answer to HOLDFAST_TURN_ON. " +
      'Does the worker call registerAssets(), or was it generated with withHoldfast()?',
  );
});

it('says that a newer worker waits, where the one that controls the page does not answer', async () => {
  vi.useFakeTimers();
  controlBy(undefined, {});
  const error = ask('HOLDFAST_TURN_ON', {}, 10).catch(({code, message}) => ({code, message}));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await error).toMatchObject({code: 'waiting', message: expect.stringContaining('activateWaiting')});
});

it('rejects where no worker is active', async () => {
  vi.stubGlobal('navigator', {serviceWorker: {controller: null, getRegistration: async () => undefined}});
  await expect(ask('HOLDFAST_TURN_ON', {}, 1)).rejects.toMatchObject({code: 'no-worker'});
});

it('asks the active worker of a page that bypassed it', async () => {
  const active = fakeController(() => ({type: 'HOLDFAST_ANSWER', payload: {}}));
  vi.stubGlobal('navigator', {serviceWorker: {controller: null, getRegistration: async () => ({active})}});
  expect(await ask('HOLDFAST_TURN_ON', {}, 1)).toEqual({});
});

it.each([
  ['no other worker waits', undefined],
  ['an update of it waits', {}],
])('resolves a job to `undefined` whose worker has not answered for 20 seconds: %s', async (_, waiting) => {
  vi.useFakeTimers();
  controlBy(undefined, waiting);
  const onAnswer = vi.fn();
  void workerLink.ask('HOLDFAST_JOB', {job: 'one', asker: 'page'}).then(onAnswer);
  await vi.advanceTimersByTimeAsync(19_999);
  expect(onAnswer).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(onAnswer).toHaveBeenCalledWith(undefined);
});

it.each([null, 7, 'yes', {}, {type: 'ready'}, ['HOLDFAST_ANSWER']])(
  'rejects where another library’s worker answers with %o',
  async (answer) => {
    controlBy(answer as unknown as AnswerMessage);
    await expect(ask('HOLDFAST_LIST_RELEASES', {}, 1)).rejects.toMatchObject({code: 'unsupported'});
  },
);
