import {expect, it} from 'vitest';
import {maxAgeOf, parseBytes} from './limits.ts';
import {
  type BudgetPluginOptions,
  type BudgetsOptions,
  checkBudgetOptions,
  checkBudgetsOptions,
} from './options.ts';

it.each([
  [5, 5],
  ['5 B', 5],
  ['2 GB', 2e9],
  ['2GB', 2e9],
  ['1.5 MB', 1.5e6],
  ['512 MiB', 512 * 1024 * 1024],
  ['1 kB', 1000],
  ['1 TB', 1e12],
])('%o are %d bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it.each(['', '2', 'GB', '2 gb', '-1 GB', '1e3 B', '2 GBs', '1,5 GB'])('%o is no number of bytes', (text) => {
  expect(parseBytes(text)).toBeNaN();
});

it('the first media type that fits counts', () => {
  const limits = {maxAgeSeconds: {'application/json': 1, 'image/*': 2, '*': 3}};
  expect(maxAgeOf(limits, 'application/json; charset=utf-8')).toBe(1000);
  expect(maxAgeOf(limits, 'image/png')).toBe(2000);
  expect(maxAgeOf(limits, '')).toBe(3000);
  expect(maxAgeOf({maxAgeSeconds: {'image/*': 2}}, 'text/css')).toBe(Number.POSITIVE_INFINITY);
  expect(maxAgeOf({maxAgeSeconds: 7}, 'text/css')).toBe(7000);
  expect(maxAgeOf({}, 'text/css')).toBe(Number.POSITIVE_INFINITY);
});

it.each<BudgetPluginOptions>([
  {},
  {maxBytes: '2 GB', maxEntries: 5, maxAgeSeconds: 60, staleIfErrorSeconds: 60, of: 'line', pinned: true},
  {maxAgeSeconds: {'*': 1}, maxBytes: 1},
])('a budget takes %o', (options) => {
  expect(() => checkBudgetOptions(options)).not.toThrow();
});

it.each<[object, string]>([
  [
    {maxBytes: '2 gigs'},
    `option 'maxBytes' must be a number of bytes, or a text such as '2 GB', but got "2 gigs".`,
  ],
  [{maxBytes: 0}, `option 'maxBytes' must be a number of bytes, or a text such as '2 GB', but got 0.`],
  [{maxEntries: '5'}, `option 'maxEntries' must be a number above 0, but got "5".`],
  [
    {maxAgeSeconds: {}},
    `option 'maxAgeSeconds' must be a number of seconds, or an object of them by media type, as in {'image/*': 86400}, but got {}.`,
  ],
  [
    {maxAgeSeconds: 5, staleIfErrorSeconds: -1},
    `option 'staleIfErrorSeconds' must be a number of seconds, but got -1.`,
  ],
  [
    {staleIfErrorSeconds: 5},
    `option 'staleIfErrorSeconds' must be left out, since no maxAgeSeconds is set, but got 5.`,
  ],
  [{of: 'release'}, `option 'of' must be 'route' or 'line', but got "release".`],
  [{pinned: 1}, `option 'pinned' must be true or false, but got 1.`],
  [
    {maxByte: 1},
    `option 'maxByte' must be one of maxBytes, maxEntries, maxAgeSeconds, staleIfErrorSeconds, of, pinned, but got "maxByte".`,
  ],
])('a budget refuses %o with the reason', (options, message) => {
  expect(() => checkBudgetOptions(options)).toThrow(new TypeError(`BudgetPlugin: ${message}`));
});

it.each<BudgetsOptions>([
  {},
  {maxBytes: 5},
  {namespaces: {}},
  {namespaces: {notes: {maxBytes: '1 kB'}, maps: {}}},
])('budgets take %o', (options) => {
  expect(() => checkBudgetsOptions(options)).not.toThrow();
});

it.each<[object, string]>([
  [{namespaces: ['notes']}, `option 'namespaces' must be an object of limits by name, but got ["notes"].`],
  [
    {namespaces: {notes: {maxBytes: true}}},
    `option 'namespaces.notes.maxBytes' must be a number of bytes, or a text such as '2 GB', but got true.`,
  ],
  [
    {namespaces: {notes: {of: 'line'}}},
    `option 'namespaces.notes.of' must be one of maxBytes, maxEntries, maxAgeSeconds, staleIfErrorSeconds, but got "of".`,
  ],
])('budgets refuse %o with the reason', (options, message) => {
  expect(() => checkBudgetsOptions(options)).toThrow(new TypeError(`budgets: ${message}`));
});
