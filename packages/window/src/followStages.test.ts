import {type AnswerMessage, EVENT_CHANNEL, type StageProgress} from '@holdfast/service-worker/messages';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {type FollowOptions, followStages, type StageEvents} from './followStages.ts';
import {fakeController, type Message} from './testing/fakeController.ts';

const progress = (line: string, fetched = 0): StageProgress => ({
  line,
  version: 'v1',
  state: 'running',
  assets: 1,
  verified: 0,
  waiting: 0,
  totalBytes: 100,
  bytes: {present: 0, reused: 0, fetched},
});

let channel: BroadcastChannel;
let controller: AbortController;
let sent: Message[];
/** What the worker lists as running. */
let running: StageProgress[];

const answerTo = (message: Message): AnswerMessage => {
  sent.push(message);
  const payload =
    message.type === 'HOLDFAST_LIST_STAGES' ? {stages: running} : {line: 'models-en-us', version: null};
  return {type: 'HOLDFAST_ANSWER', payload};
};

beforeEach(() => {
  sent = [];
  running = [];
  channel = new BroadcastChannel(EVENT_CHANNEL);
  controller = new AbortController();
  vi.stubGlobal('navigator', {serviceWorker: {controller: fakeController(answerTo)}});
});

afterEach(() => {
  controller.abort();
  channel.close();
  vi.unstubAllGlobals();
});

/** Follows stages, once the worker has listed those that run. */
const follow = async (options: FollowOptions = {}): Promise<StageEvents> => {
  const events = followStages({signal: controller.signal, ...options});
  await vi.waitFor(() => expect(sent.map(({type}) => type)).toContain('HOLDFAST_LIST_STAGES'));
  return events;
};

const report = (payload: StageProgress): void => channel.postMessage({type: 'STAGE_PROGRESS', payload});

it('reads the stages that run, and then what workers report', async () => {
  running = [progress('models-de-de', 1)];
  const events = await follow();
  expect(await events.next()).toEqual({done: false, value: progress('models-de-de', 1)});
  report(progress('models-en-us', 2));
  expect(await events.next()).toEqual({done: false, value: progress('models-en-us', 2)});
});

it.each([
  ['by its whole name', 'models-en-us'],
  ['by its name and values', {name: 'models', values: {locale: 'en-us'}}],
])('reads one line alone, %s', async (_how, line) => {
  running = [progress('models-de-de')];
  const events = await follow({line});
  for (let bytes = 1; bytes < 4; bytes++) {
    report(progress('models-de-de', bytes));
    report(progress('models-en-us', bytes));
    expect(await events.next()).toEqual({done: false, value: progress('models-en-us', bytes)});
  }
});

it('has the worker resolve the name and the values of a line, once', async () => {
  const line = {name: 'models', values: {locale: 'en-us'}};
  const events = await follow({line});
  for (let bytes = 1; bytes < 4; bytes++) {
    report(progress('models-en-us', bytes));
    await events.next();
  }
  expect(sent.filter(({type}) => type === 'HOLDFAST_CURRENT_VERSION')).toEqual([
    {type: 'HOLDFAST_CURRENT_VERSION', payload: {line}},
  ]);
});

it('is an event target', async () => {
  const events = await follow();
  const onProgress = vi.fn();
  const onAsset = vi.fn();
  events.addEventListener('progress', ({detail}) => onProgress(detail));
  events.addEventListener('asset', ({detail}) => onAsset(detail));
  const asset = {line: 'models-en-us', version: 'v1', key: 'https://host/model', from: 'fetched', bytes: 7};
  report(progress('models-en-us'));
  channel.postMessage({type: 'ASSET_STAGED', payload: asset});
  await vi.waitFor(() => expect(onAsset).toHaveBeenCalledWith(asset));
  expect(onProgress).toHaveBeenCalledWith(progress('models-en-us'));
});

it.each([
  ['the signal aborts', () => controller.abort()],
  ['the loop is left', (events: StageEvents) => void events.return()],
])('ends when %s', async (_when, end) => {
  const events = await follow();
  const next = events.next();
  end(events);
  expect(await next).toEqual({done: true, value: undefined});
  expect(await events.next()).toEqual({done: true, value: undefined});
});
