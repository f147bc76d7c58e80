import {expect, it} from 'vitest';
import {storeFailure} from './storeFailure.ts';

it.each([
  ['quota-exceeded', 'Chromium and WebKit', new DOMException('Quota exceeded.', 'QuotaExceededError')],
  [
    'quota-exceeded',
    'Firefox, with no error at all',
    {name: 'NS_ERROR_FILE_NO_DEVICE_SPACE', result: 2152857616},
  ],
  ['body-incomplete', 'a connection that broke', new TypeError('network error')],
  ['body-incomplete', 'a page that left', new DOMException('The user aborted a request.', 'AbortError')],
  ['storage-failed', 'a broken disk', new DOMException('Unexpected internal error.', 'UnknownError')],
  ['storage-failed', 'nothing', undefined],
])('is %s for %s', (failure, _what, error) => {
  expect(storeFailure(error)).toBe(failure);
});

it('is integrity-failed for a body that a plugin has broken off, whatever the put says', () => {
  const response = Object.assign(new Response(), {[Symbol.for('holdfast.integrity-failed')]: true});
  expect(storeFailure(new TypeError('network error'), response)).toBe('integrity-failed');
  expect(storeFailure(new TypeError('network error'), new Response())).toBe('body-incomplete');
});
