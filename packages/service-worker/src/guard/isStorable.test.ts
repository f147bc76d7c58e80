import {expect, it} from 'vitest';
import {isStorable, refusalOf} from './isStorable.ts';

const opaque = (): Response =>
  Object.defineProperties(new Response('hidden'), {type: {value: 'opaque'}, status: {value: 0}});

const context = {allowedOpaque: new WeakSet<Response>()};

it.each([
  ['a complete answer to GET', 'GET', new Response('all'), undefined],
  ['an answer to POST', 'POST', new Response('all'), 'method'],
  ['an answer to HEAD', 'HEAD', new Response(null), 'method'],
  ['a part', 'GET', new Response('p', {status: 206}), 'status'],
  ['another success', 'GET', new Response('all', {status: 203}), 'status'],
  ['an error', 'GET', new Response('no', {status: 404}), 'status'],
  ['a network error', 'GET', Response.error(), 'status'],
  ['an opaque answer', 'GET', opaque(), 'opaque'],
])('%s', (_, method, response, refusal) => {
  expect(refusalOf({method}, response, context)).toBe(refusal);
  expect(isStorable({method}, response, context)).toBe(refusal === undefined);
});

it('is true for an opaque answer that a guard has allowed', () => {
  const response = opaque();
  context.allowedOpaque.add(response);
  expect(isStorable({method: 'GET'}, response, context)).toBe(true);
});
