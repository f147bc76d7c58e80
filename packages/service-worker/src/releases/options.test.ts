import {expect, it} from 'vitest';
import {checkOptions} from './options.ts';

const good = {prefix: 'assets', pattern: /\/(?<version>v[^/]+)\//};

it.each([
  good,
  {...good, plugins: undefined},
  {...good, plugins: [{cacheDidUpdate: async () => {}}, {cachedResponseWillBeUsed: async () => null}]},
])('accepts %o', (options) => {
  expect(() => checkOptions(options)).not.toThrow();
});

const CALLBACKS = 'cachedResponseWillBeUsed or cacheDidUpdate';

it.each([
  [undefined, 'the options must be an object with prefix, pattern, plugins, html, but got undefined.'],
  [{...good, prefix: ''}, `option 'prefix' must be a non-empty string, but got "".`],
  [{...good, prefix: 7}, `option 'prefix' must be a non-empty string, but got 7.`],
  [{pattern: good.pattern}, `option 'prefix' must be a non-empty string, but got undefined.`],
  [{prefix: 'assets'}, `option 'pattern' must be a RegExp, but got undefined.`],
  [{...good, pattern: '/v1/'}, `option 'pattern' must be a RegExp, but got "/v1/".`],
  [
    {...good, pattern: /\/v1\//},
    `option 'pattern' must be a RegExp with a group named 'version', but got /\\/v1\\//.`,
  ],
  [
    {...good, pattern: /(?<version>v)/g},
    `option 'pattern' must be a RegExp without the flags g and y, but got /(?<version>v)/g.`,
  ],
  [{...good, plugins: {}}, `option 'plugins' must be an array of Workbox plugins, but got {}.`],
  [{...good, plugins: [{}]}, `option 'plugins[0]' must be a plugin that has ${CALLBACKS}, but got {}.`],
  [
    {...good, cacheName: 'x'},
    `option 'cacheName' must be one of prefix, pattern, plugins, html, but got "cacheName".`,
  ],
])('rejects %o with an error that names the option, what it must be, and the value', (options, message) => {
  expect(() => checkOptions(options)).toThrow(new TypeError(`VersionScopePlugin: ${message}`));
});
