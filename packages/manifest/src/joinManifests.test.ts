import {expect, it} from 'vitest';
import {joinManifests} from './joinManifests.ts';
import type {Digest, Manifest} from './Manifest.ts';
import {ManifestError} from './ManifestError.ts';

const url = 'https://a.example/model.onnx';
const sha256: Digest = {algorithm: 'sha256', hex: 'ab'.repeat(32)};
const manifest = (...assets: Manifest['assets']): Manifest => ({assets});

it('lists the files of all manifests, in order', () => {
  const other = {url: 'https://a.example/other', size: 1};
  expect(joinManifests(manifest({url, size: 3}), manifest(), manifest(other, {url, size: 3}))).toEqual({
    assets: [{url, size: 3}, other],
  });
  expect(joinManifests()).toEqual({assets: []});
});

it('combines the size of one manifest with the digest of another, in either order', () => {
  const [sizes, digests] = [manifest({url, size: 3}), manifest({url, digest: sha256})];
  const both = {assets: [{url, size: 3, digest: sha256}]};
  expect(joinManifests(sizes, digests)).toEqual(both);
  expect(joinManifests(digests, sizes)).toEqual(both);
});

const git: Digest = {algorithm: 'git-blob-sha1', hex: 'ab'.repeat(20)};
const sha512: Digest = {algorithm: 'sha512', hex: 'ab'.repeat(64)};

it.each([
  ['the first one', [sha256, sha512], sha256],
  ['the first one', [sha512, sha256, git], sha512],
  ['another one than SHA-1', [git, sha256, git, sha256], sha256],
])('takes %s where a file has digests by several algorithms', (_which, digests, taken) => {
  const manifests = digests.map((digest) => manifest({url, digest}));
  expect(joinManifests(...manifests)).toEqual({assets: [{url, digest: taken}]});
});

it('refuses another digest by an algorithm that was listed before the one that is taken', () => {
  const manifests = [git, sha256, {...git, hex: 'cd'.repeat(20)}].map((digest) => manifest({url, digest}));
  expect(() => joinManifests(...manifests)).toThrow(
    'manifests[2].assets[0]: is listed before with another digest.',
  );
});

it.each([
  [{url, size: 4}, 'is listed before with another size.'],
  [{url, digest: {...sha256, hex: 'cd'.repeat(32)}}, 'is listed before with another digest.'],
])('refuses a contradiction: %o', (asset, reason) => {
  const known = manifest({url, size: 3, digest: sha256});
  const join = () => joinManifests(known, manifest({url: 'https://a.example/x', size: 1}, asset));
  expect(join).toThrow(ManifestError);
  expect(join).toThrow(`Invalid manifest, manifests[1].assets[1]: ${reason}`);
});
