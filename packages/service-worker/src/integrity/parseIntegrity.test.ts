import {createHash} from 'node:crypto';
import {expect, it} from 'vitest';
import {parseIntegrity} from './parseIntegrity.ts';

const sri = (algorithm: string, text = 'text', encoding: 'base64' | 'base64url' = 'base64'): string =>
  `${algorithm}-${createHash(algorithm).update(text).digest(encoding)}`;

const digest = (algorithm: string, text = 'text') => ({
  algorithm,
  hex: createHash(algorithm).update(text).digest('hex'),
});

it.each(['sha256', 'sha384', 'sha512'])('reads %s, in both alphabets of base64', (algorithm) => {
  // Enough texts for every digit of base64.
  for (let text = 0; text < 50; text++) {
    const expected = [digest(algorithm, `${text}`)];
    expect(parseIntegrity(sri(algorithm, `${text}`))).toEqual(expected);
    expect(parseIntegrity(sri(algorithm, `${text}`, 'base64url'))).toEqual(expected);
  }
});

it('returns all digests by the strongest algorithm, and no others', () => {
  const integrity = ['sha384', 'sha512', 'sha256'].flatMap((algorithm) => [
    sri(algorithm, 'one'),
    sri(algorithm, 'other'),
  ]);
  expect(parseIntegrity(integrity.join(' '))).toEqual([digest('sha512', 'one'), digest('sha512', 'other')]);
  expect(parseIntegrity(integrity.slice(4).join('\n\t'))).toEqual([
    digest('sha256', 'one'),
    digest('sha256', 'other'),
  ]);
});

it('ignores options and what it cannot read', () => {
  expect(parseIntegrity(` ${sri('sha256')}?ct=text/plain md5-aaaa sha512-short `)).toEqual([
    digest('sha256'),
  ]);
});

it.each([
  '',
  'sha256',
  'sha256-',
  sri('sha1'),
  `x${sri('sha256')}`,
  `${sri('sha256')}x`,
  sri('sha256').slice(0, -2),
])('finds nothing in %j', (integrity) => {
  expect(parseIntegrity(integrity)).toEqual([]);
});
