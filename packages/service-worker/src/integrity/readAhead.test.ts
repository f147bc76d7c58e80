import {expect, it} from 'vitest';
import {keepsItsUrl} from './readAhead.ts';

it.each([
  ['script', true, true],
  ['style', true, true],
  ['worker', true, true],
  ['script', false, false],
  ['', true, false],
])('destination %j, redirected %s: %s', (destination, redirected, keeps) => {
  const request: Pick<Request, 'destination'> = {destination: destination as RequestDestination};
  const response: Pick<Response, 'redirected'> = {redirected};
  expect(keepsItsUrl(request as Request, response as Response)).toBe(keeps);
});
