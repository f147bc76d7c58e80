import {expect, it} from 'vitest';
import {clientOf, pageRequest} from './RequestContext.ts';

const eventWith = (fields: object) => Object.assign(new Event('event'), fields) as unknown as ExtendableEvent;

it.each([
  ['the page of a request', {clientId: 'page'}, 'page'],
  ['the sender of a message', {source: {id: 'page'}}, 'page'],
  ['nothing for a navigation', {clientId: '', resultingClientId: 'page'}, ''],
  ['nothing for a message without a sender', {source: null}, ''],
  ['nothing for another event', {}, ''],
])('clientOf returns %s', (_what, fields, id) => {
  expect(clientOf(eventWith(fields))).toBe(id);
});

it('pageRequest returns the request of an event, and undefined where it has none', () => {
  const request = new Request('https://a.test/');
  expect(pageRequest(eventWith({request}))).toBe(request);
  expect(pageRequest(eventWith({}))).toBeUndefined();
});
