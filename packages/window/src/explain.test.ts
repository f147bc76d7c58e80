import type {AnswerMessage} from '@holdfast/service-worker/messages';
import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {explain} from './explain.ts';
import {fakeController, type Message} from './testing/fakeController.ts';

const ANSWER = {
  type: 'HOLDFAST_ANSWER',
  payload: {
    url: 'https://a.test/model',
    route: null,
    missed: [],
    key: null,
    release: null,
    stored: null,
    download: null,
    refusal: null,
    isBlocked: false,
    isTurnedOff: false,
    isOwn: false,
  },
} as const satisfies AnswerMessage<'HOLDFAST_EXPLAIN'>;

let messages: Message[];

beforeEach(() => {
  messages = [];
  vi.stubGlobal('document', {baseURI: 'https://a.test/app/'});
});

afterEach(() => {
  vi.unstubAllGlobals();
});

/** Gives the page a `navigator.serviceWorker` whose worker answers with an explanation. */
const stub = (values: object = {}): void => {
  const controller = fakeController((message) => {
    messages.push(message);
    return ANSWER;
  });
  const container = {
    controller,
    getRegistration: async () => ({active: controller}),
    getRegistrations: async () => [],
  };
  vi.stubGlobal('navigator', {serviceWorker: {...container, ...values}});
};

it('asks about the absolute URL, and adds the sentences', async () => {
  stub();
  const explained = await explain('../model');
  expect(messages[0]).toMatchObject({type: 'HOLDFAST_EXPLAIN', payload: {url: 'https://a.test/model'}});
  expect(explained).toMatchObject({isControlled: true, route: null});
  expect(explained.sentences).toEqual([expect.stringContaining("No route takes 'https://a.test/model'")]);
});

it('asks about a request as it is, with the headers that say who asks, and shows none of them', async () => {
  stub();
  const headers = {accept: 'image/*', authorization: 'Bearer secret'};
  const request = new Request('https://a.test/model', {method: 'PUT', headers});
  const explained = await explain(request, {destination: 'image'});
  expect(messages[0]?.payload).toMatchObject({
    url: 'https://a.test/model',
    method: 'PUT',
    headers,
    destination: 'image',
  });
  expect(JSON.stringify(explained)).not.toContain('secret');
});

it.each<[string, object, string]>([
  [
    'no worker',
    {controller: null, getRegistration: async () => undefined},
    'No service worker is registered',
  ],
  [
    'a worker that is being installed',
    {controller: null, getRegistration: async () => ({})},
    'still being installed',
  ],
  [
    'a worker of another scope',
    {
      controller: null,
      getRegistration: async () => undefined,
      getRegistrations: async () => [{scope: 'https://a.test/other/'}],
    },
    "The scope of the registered one is 'https://a.test/other/'",
  ],
])('answers a page that has %s', async (_what, values, text) => {
  stub(values);
  const {isControlled, sentences} = await explain('/model');
  expect(isControlled).toBe(false);
  expect(sentences).toEqual([expect.stringContaining(text)]);
});

it('answers a page whose browser has no service workers', async () => {
  vi.stubGlobal('navigator', {});
  expect((await explain('/model')).sentences[0]).toContain('Nothing is stored.');
});

it('says that a page past the worker is not controlled', async () => {
  stub({controller: null});
  const {isControlled, sentences} = await explain('/model');
  expect(isControlled).toBe(false);
  expect(sentences[0]).toContain('No worker controls this page');
});

it.each([
  ['https://:', 'is no URL'],
  ['blob:https://a.test/1', 'no requests for blob: URLs'],
])('answers without the worker: %s', async (url, text) => {
  stub();
  expect((await explain(url)).sentences).toEqual([expect.stringContaining(text)]);
  expect(messages).toEqual([]);
});
