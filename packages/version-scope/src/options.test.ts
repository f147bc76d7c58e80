import {expect, it} from 'vitest';
import {resolveOptions} from './options.ts';

const good = {prefix: 'assets', pattern: /\/(?<version>v[^/]+)\//};

it('fills in the defaults', () => {
  expect(resolveOptions(good)).toEqual({...good, plugins: []});
});

it.each([
  [{...good, prefix: ''}, "option 'prefix' must be a string that is not empty, but got ''."],
  [{...good, prefix: 7}, "option 'prefix' must be a string that is not empty, but got 7."],
  [{prefix: 'assets'}, "option 'pattern' must be a RegExp, but got undefined."],
  [{...good, pattern: '/v1/'}, "option 'pattern' must be a RegExp, but got '/v1/'."],
  [{...good, pattern: /\/v1\//}, "must be a RegExp with a group named 'version', but got /\\/v1\\//."],
  [{...good, pattern: /(?<version>v)/g}, 'must be a RegExp without the flags g and y'],
  [{...good, plugins: {}}, "option 'plugins' must be an array of Workbox plugins, but got [object Object]."],
  [{...good, plugins: [{}]}, "option 'plugins' must be plugins that have cachedResponseWillBeUsed or"],
  [
    {...good, cacheName: 'x'},
    "option 'cacheName' must be one of prefix, pattern, plugins, but got 'cacheName'.",
  ],
  [undefined, "option 'prefix' must be a string that is not empty, but got undefined."],
])('refuses %o and says why', (options, message) => {
  expect(() => resolveOptions(options as never)).toThrow(message);
  expect(() => resolveOptions(options as never)).toThrow(TypeError);
});
