import {expect, it} from 'vitest';
import {resolveOptions} from './options.ts';

it('allows no opaque response unless told otherwise', () => {
  expect(resolveOptions({})).toEqual({corsHosts: [], opaque: {maxEntries: 0, maxBytes: 0}});
});

it('takes one limit as enough', () => {
  expect(resolveOptions({opaque: {maxEntries: 5}}).opaque).toEqual({
    maxEntries: 5,
    maxBytes: Number.POSITIVE_INFINITY,
  });
});

it.each([
  [{corsHosts: 'a.test'}, `option 'corsHosts' must be an array of hosts, but got "a.test".`],
  [
    {corsHosts: ['https://a.test/']},
    `option 'corsHosts' must be an array of hosts, but got "https://a.test/".`,
  ],
  [{opaque: true}, `option 'opaque' must be an object with limits, but got true.`],
  [{opaque: {}}, `option 'opaque' must be limited by maxEntries or maxBytes, but got {}.`],
  [{opaque: {maxEntries: -1}}, `option 'opaque.maxEntries' must be a number from 0 up, but got -1.`],
  [{opaque: {maxBytes: '9'}}, `option 'opaque.maxBytes' must be a number from 0 up, but got "9".`],
  [{opaque: {max: 5}}, `option 'opaque.max' must be one of maxEntries, maxBytes, but got "max".`],
  [{allowOpaque: true}, `option 'allowOpaque' must be one of corsHosts, opaque, but got "allowOpaque".`],
])('refuses %o and says why', (options, message) => {
  expect(() => resolveOptions(options as never)).toThrow(new TypeError(`QuotaGuardPlugin: ${message}`));
});
