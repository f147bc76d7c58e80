import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {providers} from './providers.ts';
import type {Rule} from './Rule.ts';
import {signatures} from './signatures.ts';
import {stableKey} from './stableKey.ts';

// A failure prints the seed and the smallest URL: `fc.assert(…, {seed, path})` runs it again.

const rows: Rule[] = [...Object.values(signatures), ...Object.values(providers)].flat();

const hosts = rows
  .flatMap(({hosts}) => hosts?.split(' ') ?? [])
  .map((host) => (host.startsWith('.') ? `us.aws${host}` : host));
const names = rows.flatMap(({all = '', any = '', drop = ''}) =>
  `${all} ${any} ${drop}`.split(' ').map((word) => word.split('=')[0] ?? ''),
);
const host = fc.oneof(
  fc.constantFrom(...hosts),
  fc.constantFrom('a.example.com', 'localhost:8080', 'evilhf.co', 'x.y'),
);
const segment = fc.oneof(
  fc.constantFrom(
    'resolve',
    'raw',
    'refs',
    'pr',
    'convert',
    'refs%2Fpr%2F1',
    'buckets',
    'api',
    'resolve-cache',
    '-',
  ),
  fc.constantFrom(
    'npm',
    'a@1.2.3',
    'pyodide',
    'v1.2.3',
    'xet-bridge-us',
    '..',
    '.',
    '%2e%2E',
    '%2F..',
    'a%2Fb',
    '',
  ),
  fc.constantFrom(
    'bcdn_token=x&expires=1',
    'edge-cache-token=Expires=1&Signature=x',
    'storage',
    'v1',
    'sign',
    'file',
  ),
  fc.string(),
);
const path = fc.array(segment, {maxLength: 7}).map((segments) => segments.join('/').replace(/[?#\\]/g, ''));
const value = fc.oneof(
  fc.constantFrom('1767225600', 'a:b', 'HS256-aaaaaaaaaaaaaaaaaaaaaaaa', 'a.b.c', ''),
  fc.webQueryParameters(),
);
const parameter = fc
  .tuple(fc.constantFrom(...names, 'versionId', 'X-AMZ-Signature', 'v', ''), value)
  .map((pair) => pair.join('='));
const query = fc
  .array(fc.oneof(parameter, fc.webQueryParameters()), {maxLength: 9})
  .map((all) => all.join('&'));

/** URLs of every kind, with many that rules are about. */
const url = fc
  .oneof(
    fc.webUrl({withQueryParameters: true, withFragments: true}),
    fc
      .tuple(
        fc.constantFrom('https', 'http', 'ftp', 'file', 'data', 'x'),
        fc.constantFrom('', 'me:pw@'),
        host,
        path,
        query,
      )
      .map(([scheme, user, at, rest, search]) => `${scheme}://${user}${at}/${rest}${search && `?${search}`}`),
  )
  .filter((text) => URL.canParse(text));

const SECRET = '5ec1e75ec1e75ec1e75ec1e75ec1e75ec1e75ec1e75ec1e7';
const signedWith = [
  `X-Amz-Signature=${SECRET}&X-Amz-Credential=${SECRET}`,
  `X-Goog-Signature=${SECRET}`,
  `x-oss-signature=${SECRET}&x-oss-credential=${SECRET}`,
  `AWSAccessKeyId=${SECRET}&Signature=${SECRET}&Expires=1`,
  `Policy=${SECRET}&Signature=${SECRET}&Key-Pair-Id=${SECRET}`,
  `sv=1&sig=${SECRET}&se=2`,
  `q-sign-algorithm=sha1&q-signature=${SECRET}&q-ak=${SECRET}`,
  `token=${SECRET}&expires=1`,
  `hdnts=exp=1~hmac=${SECRET}`,
];

describe('for any URL', () => {
  it('the key is its own key and a valid URL', () => {
    fc.assert(
      fc.property(url, (text) => {
        const key = stableKey(text);
        expect(new URL(key).href).toBe(key);
        expect(stableKey(key)).toBe(key);
      }),
      {numRuns: 2000},
    );
  });

  it('the key is that of the parsed URL, without fragment and credentials', () => {
    fc.assert(
      fc.property(url, fc.string(), (text, fragment) => {
        const key = stableKey(text);
        const {hash, username, password} = new URL(key);
        expect([hash, username, password]).toEqual(['', '', '']);
        expect(stableKey(new URL(text))).toBe(key);
        if (/^https?:/.test(text)) {
          expect(stableKey(`${new URL(text).href.split('#')[0]}#${fragment}`)).toBe(key);
        }
      }),
      {numRuns: 1000},
    );
  });

  it('the key holds no signature, at either end of the query', () => {
    fc.assert(
      fc.property(url, fc.constantFrom(...signedWith), fc.boolean(), (text, signature, isFirst) => {
        fc.pre(/^https?:/.test(text));
        const {origin, pathname, search} = new URL(text);
        const query = search.slice(1).replaceAll(/(^|&)(token|expires|hdnts)=[^&]*/g, '');
        const signed = isFirst ? [signature, query] : [query, signature];
        expect(stableKey(`${origin}${pathname}?${signed.join('&')}`)).not.toContain(SECRET);
      }),
      {numRuns: 1000},
    );
  });

  it('a scheme that sorts gives one key for every order', () => {
    const pairs = fc.uniqueArray(
      fc.constantFrom('versionId=1', 'partNumber=2', 'b=3', 'a', 'response-content-type=x'),
    );
    fc.assert(
      fc.property(pairs, fc.infiniteStream(fc.nat()), (kept, numbers) => {
        const shuffled = kept
          .map((text) => [numbers.next().value, text] as const)
          .sort(([a], [b]) => a - b)
          .map(([, text]) => text);
        const [one, other] = [kept, shuffled].map((all) =>
          stableKey(`https://b.example.com/a?${[...all, 'X-Amz-Signature=x'].join('&')}`),
        );
        expect(one).toBe(other);
      }),
    );
  });
});

describe('for a URL that no rule applies to', () => {
  const unknown = fc
    .tuple(
      fc.constantFrom('a.example.com', 'evilhuggingface.co', 'huggingface.co.evil.com', 'localhost:8080'),
      path,
      fc.webQueryParameters(),
    )
    .map(([at, rest, search]) => `https://${at}/x/${rest}?${search}`)
    .filter((text) => URL.canParse(text) && !/token|signature|sig|authorization|holdfast/i.test(text));

  it('the key is the parsed URL', () => {
    fc.assert(
      fc.property(unknown, (text) => {
        expect(stableKey(text)).toBe(new URL(text).href);
      }),
      {numRuns: 2000},
    );
  });

  it('the key is the parsed URL also on the fast path, which does not parse', () => {
    const labels = fc.array(
      fc.constantFrom('a', 'xn--a', 'xn--bcher-kva', '0x7f', '1', 'co', 'A', 'a-', '-b', ''),
      {minLength: 1, maxLength: 4},
    );
    fc.assert(
      fc.property(labels, path, (host, rest) => {
        const text = `https://${host.join('.')}/${rest}`;
        fc.pre(URL.canParse(text) && !/token/.test(text));
        const {username, password, href} = new URL(text);
        fc.pre(`${username}${password}` === '');
        expect(stableKey(text)).toBe(href);
      }),
      {numRuns: 3000},
    );
  });
});
