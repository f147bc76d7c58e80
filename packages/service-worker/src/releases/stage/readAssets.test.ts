import type {Manifest} from '@holdfast/manifest';
import {describe, expect, it, vi} from 'vitest';
import {readAssets, type Target} from './readAssets.ts';

const scopes = [
  {prefix: 'models', pattern: /\/models\/(?<locale>[^/]+)\/(?:(?<version>v\d+)\/)?/},
  {prefix: 'labels', pattern: /\/labels\/(?<version>v\d+)\//},
];

const BASE = 'https://a.test/models/en/v2';
const url = `${BASE}/model.onnx`;
const other = `${BASE}/places.sqlite`;
const digest = {algorithm: 'sha256', hex: 'ab'.repeat(32)} as const;

/** Drops the query, as a stable key drops a signature. */
const keysOf = (of: string): string[] => [of.replace(/\?.*/, '')];
const target: Target = {line: 'models-en', version: 'v2', scopes, keysOf};

const read = (assets: unknown, files: unknown = {}, of = target) =>
  readAssets({assets} as Manifest, files as Record<string, string>, of);

describe('the assets of a manifest', () => {
  it('have keys, sizes and digests, and beside them the URLs to fetch from', () => {
    expect(
      read([
        {url: `${url}?token=secret`, size: 7},
        {url: other, digest},
      ]),
    ).toEqual({
      assets: [
        {key: url, size: 7, digest: undefined, file: undefined},
        {key: other, size: undefined, digest, file: undefined},
      ],
      urls: new Map([
        [url, `${url}?token=secret`],
        [other, other],
      ]),
    });
  });

  it('may be empty files', () => {
    expect(read([{url, size: 0}]).assets).toMatchObject([{size: 0}]);
  });

  it.each([
    ['sha256', 64],
    ['sha384', 96],
    ['sha512', 128],
    ['git-blob-sha1', 40],
  ])('may have a digest by %s', (algorithm, digits) => {
    const one = {algorithm, hex: '0123456789abcdef'.repeat(8).slice(0, digits)};
    expect(read([{url, digest: one}]).assets).toMatchObject([{digest: one}]);
  });

  it('may have URLs without a version, which stand for the current release', () => {
    const latest = 'https://a.test/models/en/model.onnx';
    expect(read([{url: latest, size: 7}]).assets).toMatchObject([{key: latest}]);
  });

  it('may belong to the release by the pattern of any route', () => {
    const label = 'https://a.test/labels/v1/labels.txt';
    const {assets} = read([{url: label, size: 7}], {}, {...target, line: 'labels', version: 'v1'});
    expect(assets).toMatchObject([{key: label}]);
  });

  it('are one if two URLs have the same key, with size and digest of both, and the later URL', () => {
    expect(
      read([
        {url: `${url}?signature=one`, size: 7},
        {url: other, digest},
        {url: `${url}?signature=two`, digest},
        {url: `${other}?signature=two`, size: 8},
      ]),
    ).toEqual({
      assets: [
        {key: url, size: 7, digest, file: undefined},
        {key: other, size: 8, digest, file: undefined},
      ],
      urls: new Map([
        [url, `${url}?signature=two`],
        [other, `${other}?signature=two`],
      ]),
    });
  });

  it('may be listed with right digests by two algorithms, of which the first counts', () => {
    const sha512 = {algorithm: 'sha512', hex: 'cd'.repeat(64)};
    const {assets} = read([
      {url, digest},
      {url: `${url}?again`, digest: sha512},
    ]);
    expect(assets).toEqual([{key: url, size: undefined, digest, file: undefined}]);
  });

  it('may be listed with a digest by SHA-1 first, which gives way to a better one', () => {
    const git = {algorithm: 'git-blob-sha1', hex: 'cd'.repeat(20)};
    const all = [git, digest, git].map((one, index) => ({url: `${url}?${index}`, digest: one}));
    expect(read(all).assets).toEqual([{key: url, size: undefined, digest, file: undefined}]);
    const another = {url, digest: {...git, hex: 'ef'.repeat(20)}};
    expect(() => read([...all, another])).toThrow(`assets[3] of the manifest, '${url}', ${TWICE}`);
  });

  it('have the first key that belongs to the release', () => {
    const keys = {...target, keysOf: (of: string) => [`${of.replace('/v2/', '/v1/')}`, of, `${of}.gz`]};
    expect(read([{url, size: 7}], {}, keys).assets).toMatchObject([{key: url}]);
  });

  it('have their keys made once', () => {
    const made = vi.fn(keysOf);
    read([{url, size: 7}], {[url]: 'model'}, {...target, keysOf: made});
    expect(made).toHaveBeenCalledOnce();
  });

  it('go into the files that are asked for', () => {
    const {assets} = read(
      [
        {url, size: 7},
        {url: other, size: 8},
      ],
      {[other]: 'databases/places.sqlite'},
    );
    expect(assets.map(({file}) => file)).toEqual([undefined, 'databases/places.sqlite']);
  });

  it('go into the file that is asked for by any of their URLs', () => {
    const [one, two] = [`${url}?signature=one`, `${url}?signature=two`];
    const both = [one, two].map((signed) => ({url: signed, size: 7}));
    for (const signed of [one, two]) {
      expect(read(both, {[signed]: 'model'}).assets).toMatchObject([{key: url, file: 'model'}]);
    }
  });

  it.each(['__proto__', 'constructor', '...', '.hidden', 'a b', 'ä', '~', 'a..b', '..a/b..'])(
    'may go into a file named %j',
    (file) => {
      expect(read([{url, size: 7}], {[url]: file}).assets).toMatchObject([{file}]);
    },
  );
});

const NO_URL = 'must have an absolute URL';
const NO_RELEASE =
  "must belong to 'models-en-v2' by the pattern of a route. A manifest of a folder names where its files are with --base";
const NO_BYTES =
  'must have a size in bytes, or a digest {algorithm, hex} by sha256, sha384, sha512, git-blob-sha1';
const refusalOf = (of: string, path: unknown) =>
  new TypeError(
    `files['${of.replace(/\?.*/, '')}'] must name a URL of the manifest, and a path of its own, but got ${JSON.stringify(path)}.`,
  );
const TWICE = 'must not be listed twice with another size or digest';

describe('a manifest', () => {
  it.each([undefined, null, 'text', {}, {length: 1}, []])('of %j is refused', (assets) => {
    expect(() => read(assets)).toThrow(
      new TypeError('the manifest must have an array of assets, with at least one.'),
    );
  });

  it.each<readonly [unknown, string]>([
    [{size: 7}, `'undefined', ${NO_URL}`],
    [{url: 7, size: 7}, `'7', ${NO_URL}`],
    [{url: 'model.onnx', size: 7}, `'model.onnx', ${NO_URL}`],
    [{url: '/models/en/v2/model.onnx?token=secret', size: 7}, `'/models/en/v2/model.onnx', ${NO_URL}`],
    [{url: 'https://a.test/other/v2/x?token=secret', size: 7}, `'https://a.test/other/v2/x', ${NO_RELEASE}`],
    [{url: 'https://a.test/models/en/v1/x', size: 7}, `'https://a.test/models/en/v1/x', ${NO_RELEASE}`],
    [{url: 'https://a.test/models/de/v2/x', size: 7}, `'https://a.test/models/de/v2/x', ${NO_RELEASE}`],
    [{url: 'https://a.test/labels/v2/x', size: 7}, `'https://a.test/labels/v2/x', ${NO_RELEASE}`],
    [{url}, `'${url}', ${NO_BYTES}`],
    [{url: `${url}?token=secret`}, `'${url}', ${NO_BYTES}`],
    ...[-1, 0.5, Number.NaN, 2 ** 53, '7', null].map(
      (size) => [{url: other, size}, `'${other}', ${NO_BYTES}`] as const,
    ),
    ...[
      'ab'.repeat(32),
      null,
      {hex: 'ab'.repeat(32)},
      {algorithm: 'sha256'},
      {algorithm: 'md5', hex: 'ab'.repeat(16)},
      {algorithm: 'constructor', hex: 'ab'.repeat(32)},
      {algorithm: 'sha256', hex: 'ab'.repeat(31)},
      {algorithm: 'sha512', hex: 'ab'.repeat(32)},
      {algorithm: 'sha256', hex: 'AB'.repeat(32)},
      {algorithm: 'sha256', hex: 'xy'.repeat(32)},
      {algorithm: 'sha256', hex: ['ab'.repeat(32)]},
    ].map((wrong) => [{url: other, digest: wrong}, `'${other}', ${NO_BYTES}`] as const),
    [{url: `${url}?again`, size: 8}, `'${url}', ${TWICE}`],
    [{url: `${url}?again`, digest: {...digest, hex: 'cd'.repeat(32)}}, `'${url}', ${TWICE}`],
  ])('with the asset %j is refused', (asset, reason) => {
    const message = `assets[1] of the manifest, ${reason}.`;
    expect(() => read([{url, size: 7, digest}, asset])).toThrow(new TypeError(message));
  });

  it('with an asset whose key belongs to another release is refused', () => {
    const withOtherKeys = {...target, keysOf: (of: string) => [of.replace('/v2/', '/v1/')]};
    expect(() => read([{url, size: 7}], {}, withOtherKeys)).toThrow(NO_RELEASE);
  });
});

describe('the path of a file', () => {
  it.each([
    '',
    '/',
    '.',
    '..',
    '/model',
    'model/',
    'a//b',
    './model',
    '../model',
    'a/../../model',
    'a/.',
    'a\\b',
    '..\\model',
    7,
    null,
    ['model'],
    {path: 'model'},
  ])('is refused when it is %j', (path) => {
    expect(() => read([{url, size: 7}], {[url]: path})).toThrow(refusalOf(url, path));
  });

  it.each([
    ['another asset of the release', `${BASE}/unknown.bin`],
    ['another spelling of a URL', `${url}?signature=other`],
  ])('is refused for %s', (_what, unknown) => {
    expect(() => read([{url, size: 7}], {[unknown]: 'model'})).toThrow(refusalOf(unknown, 'model'));
  });

  it('is refused if two URLs of one asset have different ones', () => {
    const [one, two] = [`${url}?signature=one`, `${url}?signature=two`];
    const both = [one, two].map((signed) => ({url: signed, size: 7}));
    expect(() => read(both, {[one]: 'a', [two]: 'b'})).toThrow(refusalOf(one, 'a'));
  });

  it.each([
    ['another asset has it', 'model', ['model', 'model']],
    ['another asset has it, and others are between them', 'b', ['b', 'a', 'c', 'b']],
    ['it is the folder of another asset', 'model', ['model', 'model/places.sqlite']],
    ['another asset is its folder', 'data', ['data/de/places.sqlite', 'data']],
    // In the order of texts, `data.txt` comes between a file and what would be in it.
    ['it is a folder, and others are between them', 'data', ['data', 'data.txt', 'data/places.sqlite']],
  ])('is refused if %s', (_what, path, paths) => {
    const urls = paths.map((_path, index) => `${BASE}/${index}`);
    const files = Object.fromEntries(paths.map((one, index) => [`${BASE}/${index}`, one]));
    expect(() =>
      read(
        urls.map((one) => ({url: one, size: 7})),
        files,
      ),
    ).toThrow(refusalOf(urls[paths.indexOf(path)] as string, path));
  });

  it('may begin like another one', () => {
    const paths = ['data', 'data.txt', 'data-de', 'more/data', 'more/data.txt'];
    const assets = paths.map((path) => ({url: `${BASE}/${path}`, size: 7}));
    const files = Object.fromEntries(paths.map((path) => [`${BASE}/${path}`, path]));
    expect(read(assets, files).assets.map(({file}) => file)).toEqual(paths);
  });
});
