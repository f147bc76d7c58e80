import {describe, expect, it} from 'vitest';
import {stableKey} from './stableKey.ts';

const S3 = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=5ec1e7';
const MD5 = '9e107d9d372bb6826bd81d3542a419d6';
const COMMIT = 'fbd996df9489a76f0e1323311a17e9dccdbde88b';

describe('a URL that no rule applies to', () => {
  it.each([
    'https://assets.example.com/models/model.onnx',
    'https://assets.example.com/model.onnx?v=2&b=%2F&a=1&a=1&&c',
    'https://assets.example.com/model.onnx?',
    'https://assets.example.com/model.onnx?q=a+b%20c&%zz=%',
    'https://assets.example.com/model.onnx?token=abc&expires=soon&e=1&sig=x&Policy=p',
    'https://assets.example.com/model.onnx?Signature=x&Expires=1',
    'https://assets.example.com/a%2Fb//c/',
    'https://assets.example.com:8443/a',
    'http://localhost:5173/model.onnx?v=1',
    'blob:https://assets.example.com/0a1b',
    'data:text/plain,a?token=b',
  ])('stays byte for byte: %s', (url) => {
    expect(stableKey(url)).toBe(url);
  });

  it('is spelled as the URL standard spells it', () => {
    expect(stableKey('HTTPS://Assets.Example.com:443/a/../b/%2e/ü?q=ü')).toBe(
      'https://assets.example.com/b/%C3%BC?q=%C3%BC',
    );
    expect(stableKey('https://assets.example.com')).toBe('https://assets.example.com/');
  });

  it('can be given as a URL object', () => {
    expect(stableKey(new URL('https://assets.example.com/a?b#c'))).toBe('https://assets.example.com/a?b');
  });
});

describe('every key', () => {
  it('has no fragment and no credentials', () => {
    expect(stableKey('https://me:secret@assets.example.com/a?b=c@d#e')).toBe(
      'https://assets.example.com/a?b=c@d',
    );
    expect(stableKey('ftp://me:secret@assets.example.com/a#e')).toBe('ftp://assets.example.com/a');
  });

  it('keeps the spelling of the parameters that stay', () => {
    const kept = 'response-content-type=a%2fb+c%20d&versionId=%7E~';
    expect(stableKey(`https://b.example.com/a?${kept}&${S3}`)).toBe(`https://b.example.com/a?${kept}`);
  });

  it('keeps a parameter that begins with a question mark', () => {
    expect(stableKey(`https://b.example.com/a??b&${S3}`)).toBe('https://b.example.com/a??b');
  });

  it('loses a token in the path before a provider reads the path', () => {
    expect(stableKey('https://cdn.jsdelivr.net/bcdn_token=x&expires=1/pyodide/v1.2.3/full/a.js?v=2')).toBe(
      'https://cdn.jsdelivr.net/pyodide/v1.2.3/full/a.js',
    );
  });

  it('has neither an empty query nor empty parameters in place of a signature', () => {
    expect(stableKey(`https://b.example.com/a?&${S3}&`)).toBe('https://b.example.com/a');
  });

  it('loses every copy of a dropped parameter', () => {
    expect(stableKey(`https://b.example.com/a?${S3}&${S3}`)).toBe('https://b.example.com/a');
  });

  it('depends on the URL alone, also as the callback of a map', () => {
    const url = 'https://huggingface.co/org/model/resolve/main/a';
    expect([url, url].map(stableKey)).toEqual([url, url]);
  });
});

it.each(['', 'a', '/a/b', '//example.com/a', 'https://', 'https://a b/'])(
  'refuses %j, which is not an absolute URL',
  (text) => {
    expect(() => stableKey(text)).toThrow(
      new TypeError(`stableKey: the URL must be absolute, but got '${text}'.`),
    );
  },
);

it('shows neither query nor credentials in an error', () => {
  expect(() => stableKey(`/a?${S3}#b`)).toThrow("but got '/a'.");
  expect(() => stableKey('https://me:secret@a b/c')).toThrow("but got 'https://a b/c'.");
});

describe('generic names', () => {
  it('stay in another case, except those that begin with X-', () => {
    const url = 'https://b.example.com/a?signature=1&expires=2&awsaccesskeyid=3';
    expect(stableKey(url)).toBe(url);
    expect(stableKey('https://b.example.com/a?x-amz-signature=1&x-AMZ-date=2')).toBe(
      'https://b.example.com/a',
    );
  });

  it.each([
    ['a digest of the content', `md5=${MD5}`],
    ['a digest of the content beside a time', `md5=${MD5}&expires=1767225600`],
    ['a version', 'md5=DMF1ucDxtHCxwYQ_-abc12'],
    ['the size of an image', `s=large&expires=1767225600`],
    ['a short digest', 'signature=5ec1e7&expires=1767225600'],
    ['the place in a video', `t=30&sign=${MD5}`],
    ['the place in a video', 'time=30&h=5ec1e7'],
    ['a page', `e=2&h=${MD5}`],
    ['a version with a time', `v=1767225600-0-0-${MD5}`],
    ['a key that is no signature', 'auth_key=5ec1e7'],
    ['a range of experience', 'exp=3&sig=yes'],
    ['three words', 'ex=1&is=2&hm=3'],
    ['a text about hmac', 'q=exp=1~hmac=no'],
    ['a text with a token in it', 'q=see exp=1~hmac=5ec1e7, say'.replaceAll(' ', '+')],
    ['a token of an unknown scheme', 'token=2'],
    ['a verification by hand', 'verify=1767225600-no'],
    ['a path', 'secure=true,1767225600'],
  ])('stay in a query with %s: %s', (_, query) => {
    const url = `https://b.example.com/a?${query}`;
    expect(stableKey(url)).toBe(url);
  });

  it.each([
    // Arweave: 43 characters are the file.
    `https://arweave.example.com/${'a'.repeat(43)}/model.onnx`,
    `https://arweave.example.com/${'a'.repeat(43)}/exp:soon/model.onnx`,
    // What Alibaba's types B and C look like, and a build that is named by its time and its digest.
    `https://b.example.com/202601011200/${MD5}/model.onnx`,
    `https://b.example.com/${MD5}/6567a1b2/model.onnx`,
    'https://b.example.com/s--12345678--/model.onnx',
    'https://b.example.com/p/1/n/2/model.onnx',
    'https://b.example.com/exp=1767225600/model.onnx',
    'https://b.example.com/DMF1ucDxtHCxwYQ_-abc12/model.onnx',
    'https://b.example.com/ks/1/model.onnx',
  ])('stay in a path: %s', (url) => {
    expect(stableKey(url)).toBe(url);
  });

  it('stay beside a signature where their values are no part of it', () => {
    expect(stableKey(`https://b.example.com/a?t=1767225600&sign=${MD5}&time=30`)).toBe(
      'https://b.example.com/a?time=30',
    );
    expect(stableKey(`https://b.example.com/a?s=large&e=1767225600&h=${MD5}`)).toBe(
      'https://b.example.com/a?s=large',
    );
    expect(stableKey('https://b.example.com/a?token=v2&token=1767225600_'.concat('5e'.repeat(20)))).toBe(
      'https://b.example.com/a?token=v2',
    );
  });

  it('stay where their values do not fit the scheme', () => {
    for (const query of [
      'e=mc2&token=key:sign',
      'expires=1&token=short',
      'token=123_abc',
      'hdnts=1',
      '__token__=exp=1',
    ]) {
      expect(stableKey(`https://b.example.com/a?${query}`)).toBe(`https://b.example.com/a?${query}`);
    }
  });
});

describe('the Hub', () => {
  const hub = 'https://huggingface.co';

  it.each([
    ['a revision', '/org/model/resolve/main/a.onnx', '/org/model/resolve/v1/a.onnx'],
    ['the type of repository', '/org/model/resolve/main/a.onnx', '/datasets/org/model/resolve/main/a.onnx'],
    ['the pointer of a file', '/org/model/resolve/main/a.onnx', '/org/model/raw/main/a.onnx'],
    ['the page of a file', '/org/model/resolve/main/a.onnx', '/org/model/blob/main/a.onnx'],
    ['the case of a name', '/org/model/resolve/main/a.onnx', '/Org/Model/resolve/main/a.onnx'],
    ['a slash in a branch', '/org/model/resolve/feature%2Fx/a.onnx', '/org/model/resolve/feature/x/a.onnx'],
    ['a branch of a repository named resolve', '/org/resolve/resolve/a%2Fb/c', '/org/resolve/resolve/a/b/c'],
    ['a branch below an organization named raw', '/raw/model/resolve/a%2Fb/c', '/raw/model/resolve/a/b/c'],
    [
      'a revision that only looks like a pull request',
      '/org/m/resolve/refs%2Fheads%2Fx/c',
      '/org/m/resolve/refs/heads/x/c',
    ],
  ])('has two keys when %s differs', (_, path, other) => {
    expect(stableKey(hub + path)).not.toBe(stableKey(hub + other));
  });

  it('decodes no slash that would make a dot segment', () => {
    const url = `${hub}/org/model/resolve/main/a%2F..%2F..%2Fb`;
    expect(stableKey(url)).toBe(url);
  });

  it('keeps a port, behind which there may be other files', () => {
    expect(stableKey('https://hf.co:8443/org/model/resolve/main/a?download=true')).toBe(
      'https://huggingface.co:8443/org/model/resolve/main/a',
    );
  });

  it('keeps the region of the bridge, since no document says that it does not matter', () => {
    const path = `63bed80836ee0123456789ab/${COMMIT}${COMMIT.slice(0, 24)}`;
    expect(stableKey(`https://cas-bridge.xethub.hf.co/xet-bridge-eu/${path}`)).toBe(
      `https://us.aws.cdn.hf.co/xet-bridge-eu/${path}`,
    );
  });

  it('keeps the host of chunks and of everything else on its CDN', () => {
    const hash = `${COMMIT}${COMMIT.slice(0, 24)}`;
    for (const url of [
      `https://us.aws.cdn.hf.co/xorbs/default/${hash}`,
      'https://eu.aws.cdn.hf.co/other/file',
    ]) {
      expect(stableKey(url)).toBe(url);
    }
  });

  it('keeps the host of a mirror', () => {
    expect(stableKey('https://hf-mirror.com/gpt2/resolve/main/a')).toBe(
      'https://hf-mirror.com/gpt2/resolve/main/a',
    );
  });
});

describe('a long URL', () => {
  it('is its own key, without fragment and credentials', () => {
    const url = `https://b.example.com/${'a'.repeat(8000)}?${S3}`;
    expect(stableKey(url)).toBe(url);
    expect(stableKey(url.replace('//', '//me:pw@').concat('#part'))).toBe(url);
    const plain = `https://huggingface.co/${'a/'.repeat(4000)}`;
    expect(stableKey(plain)).toBe(plain);
  });

  it('is not long because of its fragment', () => {
    expect(stableKey(`https://b.example.com/a?${S3}#${'a'.repeat(9000)}`)).toBe('https://b.example.com/a');
  });
});

describe('jsDelivr', () => {
  it.each([
    'https://cdn.jsdelivr.net/npm/package/dist/a.js?v=2',
    'https://cdn.jsdelivr.net/npm/package@latest/dist/a.js?v=2',
    'https://cdn.jsdelivr.net/npm/package@1.2/dist/a.js?v=2',
    'https://cdn.jsdelivr.net/npm/package@next/lib@1.2.3/a.js?v=2',
    'https://cdn.jsdelivr.net/gh/user/repo@main/a.js?v=2',
    'https://cdn.jsdelivr.net/pyodide/dev/full/pyodide.js?v=2',
    'https://cdn.jsdelivr.net/combine/npm/a@1.2.3,npm/b@1.2.3?v=2',
  ])('keeps the query of %s, where a file may change', (url) => {
    expect(stableKey(url)).toBe(url);
  });
});

describe('a signed Supabase image', () => {
  const keyOf = (payload: string): string =>
    stableKey(
      `https://p.supabase.co/storage/v1/render/image/sign/b/a.png?token=eyJ.${btoa(payload).replace(/=+$/, '')}.5ec1e7`,
    );

  it('has a key for each transformation', () => {
    expect(keyOf('{"transformations":"width:100"}')).not.toBe(keyOf('{"transformations":"width:200"}'));
  });

  it('loses a token that cannot be read', () => {
    for (const payload of ['{', 'null', '1', '{"transformations":""}']) {
      expect(keyOf(payload)).toBe('https://p.supabase.co/storage/v1/render/image/sign/b/a.png');
    }
  });
});
