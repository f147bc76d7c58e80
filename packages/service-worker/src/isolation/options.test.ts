import {expect, it} from 'vitest';
import {checkOptions} from './options.ts';

it.each([
  {},
  {embedderPolicy: undefined},
  {embedderPolicy: 'credentialless'},
  {embedderPolicy: 'require-corp'},
])('accepts %o', (options) => {
  expect(() => checkOptions(options as never)).not.toThrow();
});

it.each([
  [
    {embedderPolicy: 'unsafe-none'},
    `option 'embedderPolicy' must be one of credentialless, require-corp, but got "unsafe-none".`,
  ],
  [
    {embedderPolicy: true},
    `option 'embedderPolicy' must be one of credentialless, require-corp, but got true.`,
  ],
  [
    {openerPolicy: 'same-origin'},
    `option 'openerPolicy' must be one of embedderPolicy, but got "openerPolicy".`,
  ],
])('refuses %o with the reason', (options, message) => {
  expect(() => checkOptions(options as never)).toThrow(
    new TypeError(`CrossOriginIsolationPlugin: ${message}`),
  );
});
