import {expect, it} from 'vitest';
import {maxOpaqueEntries} from './opaqueAllowance.ts';

const CHROME = 'Chrome/156.0.0.0';

it('is the smaller of the limits, of which one suffices', () => {
  expect(maxOpaqueEntries({maxEntries: 5}, CHROME)).toBe(5);
  expect(maxOpaqueEntries({maxBytes: 50_000_000}, CHROME)).toBe(6);
  expect(maxOpaqueEntries({maxEntries: 5, maxBytes: 50_000_000}, CHROME)).toBe(5);
  expect(maxOpaqueEntries({maxEntries: 0, maxBytes: 50_000_000}, CHROME)).toBe(0);
});

// Production workers do not check options.
it.each([{}, {max: 5}, true, {maxEntries: 'five'}, {maxBytes: Number.POSITIVE_INFINITY}])(
  'is 0 for %o, which sets no limit',
  (opaque) => {
    expect(maxOpaqueEntries(opaque as object, CHROME)).toBe(0);
  },
);
