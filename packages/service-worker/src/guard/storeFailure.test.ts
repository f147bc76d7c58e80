import {expect, it} from 'vitest';
import {storeFailure} from './storeFailure.ts';

it.each([
  ['quota-exceeded', 'Chromium and WebKit', new DOMException('Quota exceeded.', 'QuotaExceededError')],
  [
    'quota-exceeded',
    'Firefox, with a value that is no error',
    {name: 'NS_ERROR_FILE_NO_DEVICE_SPACE', result: 2152857616},
  ],
  ['body-incomplete', 'a connection that broke', new TypeError('network error')],
  ['body-incomplete', 'a closed page', new DOMException('The user aborted a request.', 'AbortError')],
  ['storage-failed', 'a broken disk', new DOMException('Unexpected internal error.', 'UnknownError')],
  ['storage-failed', 'nothing', undefined],
])('returns %s for %s', (failure, _what, error) => {
  expect(storeFailure(error)).toBe(failure);
});
