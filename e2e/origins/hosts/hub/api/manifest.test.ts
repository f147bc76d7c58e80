import {createHash} from 'node:crypto';
import {joinManifests, type Manifest, type ManifestAsset, readHubTree} from '@holdfast/manifest';
import {describe, expect, it} from 'vitest';
import {gitObjectId} from '../../../gitObjectId.ts';
import {startForTests} from '../../../testing/startForTests.ts';

const {content, origin} = await startForTests();
const {bucket, dataset, model, space} = content;

/** Reads all pages of a tree, as a client does. */
const manifestOf = async (
  repository: string,
  revision: string | undefined,
  url: string,
): Promise<Manifest> => {
  const pages: Manifest[] = [];
  let next: string | undefined = url;
  while (next) {
    const response: Response = await fetch(next);
    pages.push(readHubTree(await response.text(), {repository, revision, endpoint: origin.hub}));
    next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return joinManifests(...pages);
};

/** Fetches an asset and describes what it got, in the form of the manifest. */
const served = async ({digest, url}: ManifestAsset): Promise<ManifestAsset> => {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const bytes = await response.bytes();
  const hex =
    digest?.algorithm === 'sha256'
      ? createHash('sha256').update(bytes).digest('hex')
      : gitObjectId('blob', bytes);
  return {url, size: bytes.byteLength, ...(digest && {digest: {algorithm: digest.algorithm, hex}})};
};

describe.each([
  ['models', '', model],
  ['datasets', 'datasets/', dataset],
  ['spaces', 'spaces/', space],
])('what the API lists of %s', (kind, prefix, {commits, id}) => {
  it.each([
    ['an older commit', commits[0]],
    ['a newer commit', commits[1]],
  ])('at %s is what is served', async (_, {commit, files}) => {
    const url = `${origin.hub}/api/${kind}/${id}/tree/${commit}?recursive=true&limit=2`;
    const manifest = await manifestOf(`${prefix}${id}`, commit, url);
    expect(manifest.assets).toHaveLength(files.length);
    expect(await Promise.all(manifest.assets.map(served))).toEqual(manifest.assets);
    expect(new Set(manifest.assets.map(({digest}) => digest?.algorithm))).toEqual(
      new Set(['git-blob-sha1', 'sha256']),
    );
  });
});

describe('what the API lists of a bucket', () => {
  it('is what is served', async () => {
    const repository = `buckets/${bucket.id}`;
    const url = `${origin.hub}/api/${repository}/tree/en-us%2Fv0.7.0%2F?recursive=true&limit=3`;
    const manifest = await manifestOf(repository, undefined, url);
    expect(manifest.assets).toHaveLength(4);
    expect(await Promise.all(manifest.assets.map(served))).toEqual(manifest.assets);
  });
});

describe('what paths-info says of some files', () => {
  it('is what is served', async () => {
    const revision = 'refs/pr/1';
    const response = await fetch(`${origin.hub}/api/models/${model.id}/paths-info/refs%2Fpr%2F1`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({paths: ['model.safetensors', 'tokenizer', 'tokenizer/vocab.json']}),
    });
    const manifest = readHubTree(await response.text(), {
      repository: model.id,
      revision,
      endpoint: origin.hub,
    });
    expect(manifest.assets).toHaveLength(2);
    expect(await Promise.all(manifest.assets.map(served))).toEqual(manifest.assets);
  });
});
