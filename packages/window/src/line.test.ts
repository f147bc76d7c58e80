import type {AnswerMessage, StageReport} from '@holdfast/service-worker/messages';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {line} from './line.ts';
import {fakeController, type Message} from './testing/fakeController.ts';

const LINE = {name: 'models', values: {locale: 'en-us'}};
const REPORT: StageReport = {
  line: 'models-en-us',
  version: 'v2',
  assets: 3,
  totalBytes: 100,
  bytes: {present: 0, reused: 60, fetched: 40},
  damaged: [],
  files: {},
};
const KEY = 'https://host/models/en-us/v2/model';

let sent: Message[];
let answers: Partial<Record<Message['type'], unknown>>;

beforeEach(() => {
  sent = [];
  answers = {
    HOLDFAST_STAGE: {state: 'done', report: REPORT},
    HOLDFAST_CURRENT_VERSION: {line: 'models-en-us', version: 'v1'},
  };
  const answerTo = (message: Message): AnswerMessage => {
    sent.push(message);
    return {type: 'HOLDFAST_ANSWER', payload: answers[message.type]} as AnswerMessage;
  };
  vi.stubGlobal('document', {baseURI: 'https://app.example.com/docs/page.html'});
  vi.stubGlobal('navigator', {
    storage: {persisted: async () => true},
    serviceWorker: {controller: fakeController(answerTo)},
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const models = line('models', {locale: 'en-us'});

describe('stage()', () => {
  it.each([
    ['a relative URL', '../manifest.json', 'https://app.example.com/manifest.json'],
    ['a URL object', new URL('https://host/manifest.json'), 'https://host/manifest.json'],
    ['a manifest', {assets: [{url: KEY, size: 7}]}, {assets: [{url: KEY, size: 7}]}],
    ['none', undefined, undefined],
  ])('sends the name, the values, and the manifest: %s', async (_what, manifest, expected) => {
    const onProgress = vi.fn();
    const files = {[KEY]: 'data/model'};
    expect(await models.stage('v2', {manifest, files, onProgress})).toEqual({...REPORT, persisted: true});
    expect(sent).toEqual([
      {
        type: 'HOLDFAST_STAGE',
        payload: {line: LINE, version: 'v2', manifest: expected, files, asker: expect.any(String)},
      },
    ]);
    const {damaged, files: _, ...done} = REPORT;
    expect(onProgress.mock.calls).toEqual([[{...done, state: 'done', verified: 3, waiting: 0}]]);
  });

  it('rejects with the failures, and names the current version', async () => {
    const failures = [{key: KEY, reason: 'too-short'}];
    answers.HOLDFAST_STAGE = {state: 'failed', failures};
    await expect(models.stage('v2')).rejects.toMatchObject({
      code: 'stage-failed',
      failures,
      message:
        `'v2' of 'models' (en-us) is not complete. ${KEY}: it is shorter than the manifest says. ` +
        "The current release, 'v1', is untouched.",
    });
  });
});

it('switches and rolls back', async () => {
  const answer = {line: 'models-en-us', version: 'v2', evicted: ['v0'], kept: ['v1']};
  answers.HOLDFAST_SWITCH_VERSION = answer;
  answers.HOLDFAST_ROLLBACK = answer;
  expect(await models.switchTo('v2', {keep: 2, evictNow: true})).toEqual(answer);
  expect(await models.switchTo('v2', {allowEmpty: true})).toEqual(answer);
  expect(await models.rollback()).toEqual(answer);
  expect(sent).toEqual([
    {type: 'HOLDFAST_SWITCH_VERSION', payload: {line: LINE, version: 'v2', keep: 2, evictNow: true}},
    {type: 'HOLDFAST_SWITCH_VERSION', payload: {line: LINE, version: 'v2', allowEmpty: true}},
    {type: 'HOLDFAST_ROLLBACK', payload: {line: LINE}},
  ]);
});

it('takes a whole name as well', async () => {
  expect(await line('models-en-us').current()).toBe('v1');
  expect(sent).toEqual([
    {type: 'HOLDFAST_CURRENT_VERSION', payload: {line: {name: 'models-en-us', values: undefined}}},
  ]);
});

describe('verify()', () => {
  it('verifies the current version, by the manifest that it was staged with', async () => {
    expect(await models.verify()).toEqual(REPORT);
    expect(sent[1]).toMatchObject({type: 'HOLDFAST_STAGE', payload: {line: LINE, version: 'v1'}});
    expect(sent[1]?.payload.manifest).toBeUndefined();
  });

  it('verifies another version that is named', async () => {
    await models.verify({version: 'v2'});
    expect(sent).toMatchObject([{type: 'HOLDFAST_STAGE', payload: {version: 'v2'}}]);
  });

  it('rejects where no version is current', async () => {
    answers.HOLDFAST_CURRENT_VERSION = {line: 'models-en-us', version: null};
    await expect(models.verify()).rejects.toMatchObject({
      code: 'refused',
      message: "No version of 'models' (en-us) is current.",
    });
  });
});
