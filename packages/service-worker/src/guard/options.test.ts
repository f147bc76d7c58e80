import {expect, it} from 'vitest';
import {checkOptions} from './options.ts';

it.each([
  {},
  {corsHosts: undefined, opaque: undefined},
  {corsHosts: ['cdn.test', '.below.test', 'localhost:8081'], opaque: {maxEntries: 0}},
  {opaque: {maxBytes: 50_000_000, maxEntries: Number.POSITIVE_INFINITY}},
])('accepts %o', (options) => {
  expect(() => checkOptions(options)).not.toThrow();
});

it.each([
  [
    undefined,
    'the options must be an object with corsHosts, opaque, html, ignoreNoStore, but got undefined.',
  ],
  [{corsHosts: 'a.test'}, `option 'corsHosts' must be an array of hosts, but got "a.test".`],
  [{corsHosts: ['https://a.test/']}, `option 'corsHosts[0]' must be a host, but got "https://a.test/".`],
  [{corsHosts: ['a.test', 7]}, `option 'corsHosts[1]' must be a host, but got 7.`],
  [{opaque: true}, `option 'opaque' must be an object with maxEntries, maxBytes, but got true.`],
  [{opaque: {}}, `option 'opaque' must be limited by maxEntries or maxBytes, but got {}.`],
  [{opaque: {maxEntries: -1}}, `option 'opaque.maxEntries' must be a number from 0 up, but got -1.`],
  [{opaque: {maxEntries: Number.NaN}}, `option 'opaque.maxEntries' must be a number from 0 up, but got NaN.`],
  [
    {opaque: {maxEntries: null, maxBytes: 9}},
    `option 'opaque.maxEntries' must be a number from 0 up, but got null.`,
  ],
  [{opaque: {maxBytes: '9'}}, `option 'opaque.maxBytes' must be a number from 0 up, but got "9".`],
  [{opaque: {max: 5}}, `option 'opaque.max' must be one of maxEntries, maxBytes, but got "max".`],
  [
    {allowOpaque: true},
    `option 'allowOpaque' must be one of corsHosts, opaque, html, ignoreNoStore, but got "allowOpaque".`,
  ],
])('refuses %o with the reason', (options, message) => {
  expect(() => checkOptions(options)).toThrow(new TypeError(`QuotaGuardPlugin: ${message}`));
});
