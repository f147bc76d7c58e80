import type {Explanation} from '@holdfast/service-worker/messages';
import {expect, it} from 'vitest';
import {sentencesOf} from './sentencesOf.ts';

const URL_OF_MODEL = 'https://a.test/model.onnx';
const CONTROLLED = {isControlled: true, isNewerWaiting: false};

const explanation = (values: Partial<Explanation> = {}): Explanation => ({
  url: URL_OF_MODEL,
  route: {
    index: 1,
    routes: 2,
    later: [],
    isFunction: false,
    cacheName: 'models',
    plugins: ['quotaGuard'],
    isResumable: false,
    hasOtherKeys: false,
  },
  missed: [],
  key: URL_OF_MODEL,
  release: null,
  stored: null,
  download: null,
  refusal: null,
  isBlocked: false,
  isTurnedOff: false,
  isOwn: false,
  ...values,
});

const entry = {
  where: 'entry',
  cacheName: 'models',
  path: null,
  bytes: 1_234_567,
  isComplete: true,
  ageSeconds: 7300,
  isVerified: true,
} as const;

it('begins with where the file is stored', () => {
  expect(sentencesOf(explanation({stored: entry}), CONTROLLED)).toEqual([
    `'${URL_OF_MODEL}' is stored as an entry of the cache 'models': 1,234,567 bytes, 2 hours old, verified.`,
    'Route 1 of 2 takes it, with quotaGuard.',
  ]);
});

it.each([
  [{bytes: null, ageSeconds: null, isVerified: null}, 'its size is hidden, of unknown age, with no digest'],
  [{ageSeconds: 59, isVerified: false}, '59 seconds old, not verified yet.'],
  [{ageSeconds: 900}, '15 minutes old'],
  [{ageSeconds: 259_200}, '3 days old'],
])('says what is known of it: %o', (values, text) => {
  const [first] = sentencesOf(explanation({stored: {...entry, ...values}}), CONTROLLED);
  expect(first).toContain(text);
});

it('begins with why it is not stored', () => {
  const [first] = sentencesOf(explanation({refusal: {reason: 'html', secondsAgo: 3}}), CONTROLLED);
  expect(first).toBe(
    `'${URL_OF_MODEL}' was not stored: it is HTML, and its URL does not say so. Correct the URL if the file is elsewhere. ` +
      'If it is what you want, set the option html of its route.',
  );
});

it('says that an interrupted download resumes', () => {
  const pieces = {...entry, where: 'pieces', isComplete: false} as const;
  expect(sentencesOf(explanation({stored: pieces}), CONTROLLED).slice(0, 2)).toEqual([
    `'${URL_OF_MODEL}' is partly stored in pieces beside the cache 'models': 1,234,567 bytes, 2 hours old, verified.`,
    'The next request for it through the page resumes it, or download(url) does.',
  ]);
});

it.each<[string, Partial<Explanation>, Partial<typeof CONTROLLED>, string]>([
  ['is not controlled', {}, {isControlled: false}, 'No worker controls this page'],
  ['has a worker that was turned off', {isTurnedOff: true}, {}, 'Everything was turned off'],
  [
    'has a worker whose policy blocks the host',
    {isBlocked: true},
    {},
    'The Content Security Policy of the worker',
  ],
])('names first that the page %s', (_what, values, page, text) => {
  const [first] = sentencesOf(explanation(values), {...CONTROLLED, ...page});
  expect(first).toContain(text);
});

it('names later routes that would match, and plugins that are not asked', () => {
  const {route} = explanation();
  const values = {route: route && {...route, plugins: [], later: [2], hasOtherKeys: true}};
  const text = sentencesOf(explanation(values), CONTROLLED).join(' ');
  expect(text).toContain('none of our plugins');
  expect(text).toContain('2 would match, too');
  expect(text).toContain('A plugin of your own may change its key');
});

it('names the key where it is not the URL, and the worker that waits', () => {
  const key = 'https://a.test/stable';
  const text = sentencesOf(explanation({key}), {...CONTROLLED, isNewerWaiting: true}).join(' ');
  expect(text).toContain(`Its key is '${key}'.`);
  expect(text).toContain('A newer worker waits');
});
