import {expect, it} from 'vitest';
import {opaqueEntryBytes} from './opaqueEntryBytes.ts';

it.each([
  [
    'Chromium',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    7_388_672,
  ],
  ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', 600_000],
  [
    'Safari',
    'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    80_000,
  ],
  ['an unknown engine', 'Servo', 7_388_672],
])('%s', (_engine, userAgent, bytes) => {
  expect(opaqueEntryBytes(userAgent)).toBe(bytes);
});
