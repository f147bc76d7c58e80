import {describe, expect, it, onTestFinished} from 'vitest';
import {startForTests} from '../../../testing/startForTests.ts';
import type {ListingRow} from './Listing.ts';

const origins = await startForTests();
const {content, origin} = origins;
const {
  id,
  commits: [older, newer],
} = content.model;
const TREE = `/api/models/${id}/tree`;
const BUCKET_TREE = `/api/buckets/${content.bucket.id}/tree`;

const hub = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${origin.hub}${path}`, init);

const rows = async (path: string): Promise<ListingRow[]> => (await hub(path)).json();

const paths = async (path: string): Promise<string[]> => (await rows(path)).map((row) => row.path);

const file = (path: string) => {
  const found = older.files.find((each) => each.path === path);
  if (!found) {
    throw new Error(`The content has no ${path}.`);
  }
  return found;
};

/** Returns the pages of a listing, as a client reads them: from link to link. */
const pages = async (path: string): Promise<string[][]> => {
  const walked: string[][] = [];
  let url: string | undefined = `${origin.hub}${path}`;
  while (url) {
    const response: Response = await fetch(url);
    const page: ListingRow[] = await response.json();
    walked.push(page.map((row) => row.path));
    url = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return walked;
};

describe('the tree of a repository', () => {
  it('has small files with their git blobs, large ones with their SHA-256, too, and folders', async () => {
    const {gitOid, size: readmeSize} = file('README.md');
    const {sha256, size, xetHash} = file('model.safetensors');
    const oid = expect.stringMatching(/^[0-9a-f]{40}$/);
    const [folder, readme, , large] = await rows(`${TREE}/main`);
    expect(folder).toEqual({type: 'directory', oid, size: 0, path: 'tokenizer'});
    expect(readme).toEqual({type: 'file', oid: gitOid, size: readmeSize, path: 'README.md'});
    expect(large).toEqual({
      type: 'file',
      oid,
      size,
      lfs: {oid: sha256, size, pointerSize: 129},
      xetHash,
      path: 'model.safetensors',
    });
    expect(large?.oid).not.toBe(file('model.safetensors').gitOid);
  });

  it('lists subfolders only if requested', async () => {
    const outermost = ['tokenizer', 'README.md', 'config.json', 'model.safetensors'];
    expect(await paths(`${TREE}/main`)).toEqual(outermost);
    expect(await paths(`${TREE}/main?recursive=false&expand=false`)).toEqual(outermost);
    expect(await paths(`${TREE}/main?recursive=true`)).toEqual([...outermost, 'tokenizer/vocab.json']);
    expect(await paths(`${TREE}/main/tokenizer`)).toEqual(['tokenizer/vocab.json']);
    expect(await paths(`${TREE}/main/tokenizer/?recursive=true`)).toEqual(['tokenizer/vocab.json']);
  });

  it('is that of a tag, a commit, or the current commit of a branch', async () => {
    const digestOf = async (revision: string) =>
      (await rows(`${TREE}/${revision}`)).find(({path}) => path === 'model.safetensors')?.lfs?.oid;
    const digestAt = ({files}: typeof older) => files.find(({path}) => path === 'model.safetensors')?.sha256;

    for (const revision of ['main', 'refs%2Fpr%2F1', 'refs/pr/1', 'v1.0', older.commit]) {
      expect(await digestOf(revision)).toBe(digestAt(older));
    }
    origins.moveBranch(id, 'main', newer.commit);
    onTestFinished(() => origins.moveBranch(id, 'main', older.commit));
    for (const revision of ['main', 'v1.1', newer.commit]) {
      expect(await digestOf(revision)).toBe(digestAt(newer));
    }
    expect(await digestOf('refs/pr/1')).toBe(digestAt(older));
  });

  it('has the commits that changed the rows, if expanded', async () => {
    const expanded = await rows(`${TREE}/${newer.commit}?recursive=true&expand=true`);
    expect(expanded.map(({lastCommit, path}) => [path, lastCommit?.id])).toEqual([
      ['tokenizer', older.commit],
      ['README.md', newer.commit],
      ['config.json', newer.commit],
      ['model.safetensors', newer.commit],
      ['tokenizer/vocab.json', older.commit],
    ]);
    expect(expanded[0]).not.toHaveProperty('securityFileStatus');
    expect(expanded[1]).toMatchObject({securityFileStatus: {status: 'unscanned'}});
  });

  it('exists for datasets and spaces', async () => {
    const {dataset, space} = content;
    expect(await paths(`/api/datasets/${dataset.id}/tree/v1.1?recursive=true`)).toContain(
      'data/train.parquet',
    );
    expect(await paths(`/api/spaces/${space.id}/tree/v1.1?recursive=true`)).toContain('index.html');
  });
});

describe('the tree of a bucket', () => {
  const release = (version: string): string[] =>
    ['fst-en-US.bin', 'model.onnx', 'tokenizer.model', 'wof-hot.db'].map(
      (name) => `en-us/${version}/${name}`,
    );

  it('has all files whose paths begin with a prefix, with size and content hash', async () => {
    expect(await paths(BUCKET_TREE)).toEqual([...release('v0.6.0'), ...release('v0.7.0')]);
    expect(await paths(`${BUCKET_TREE}/en-us%2Fv0.6`)).toEqual(release('v0.6.0'));
    expect(await paths(`${BUCKET_TREE}/de-de`)).toEqual([]);

    const [row] = await rows(`${BUCKET_TREE}/en-us/v0.6.0/model.onnx?recursive=true`);
    const model = content.bucket.releases[0]?.files.find(({path}) => path === row?.path);
    expect(row).toEqual({
      type: 'file',
      path: 'en-us/v0.6.0/model.onnx',
      size: model?.size,
      xetHash: model?.xetHash,
      uploadedAt: expect.stringMatching(/Z$/),
    });
  });

  it('has the contents of one folder, if requested', async () => {
    expect(await paths(`${BUCKET_TREE}?recursive=false`)).toEqual(['en-us']);
    expect(await paths(`${BUCKET_TREE}/en-us/?recursive=false`)).toEqual(['en-us/v0.6.0', 'en-us/v0.7.0']);
    expect(await paths(`${BUCKET_TREE}/en-us%2Fv0.7.0?recursive=false`)).toEqual(release('v0.7.0'));
  });
});

describe('pages', () => {
  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [4, [4, 1]],
    [5, [5]],
    [1_000, [5]],
  ])('of %i rows link to one another, and have each row once', async (limit, lengths) => {
    const walked = await pages(`${TREE}/main?recursive=true&limit=${limit}`);
    expect(walked.map(({length}) => length)).toEqual(lengths);
    expect(walked.flat()).toEqual(await paths(`${TREE}/main?recursive=true`));
  });

  it('link to one another in a bucket, and at a revision with slashes', async () => {
    expect((await pages(`${BUCKET_TREE}/en-us?limit=3`)).flat()).toEqual(await paths(BUCKET_TREE));
    expect(await pages(`${TREE}/refs%2Fpr%2F1/tokenizer?limit=1`)).toEqual([['tokenizer/vocab.json']]);
    expect(await pages(`${TREE}/refs%2Fpr%2F1?limit=3`)).toHaveLength(2);
  });

  it('keep the other parameters', async () => {
    const response = await hub(`${TREE}/main?recursive=true&expand=true&limit=2`);
    const next = new URL(/<(.+)>/.exec(response.headers.get('link') ?? '')?.[1] ?? '');
    expect(next.origin + next.pathname).toBe(`${origin.hub}${TREE}/main`);
    expect(Object.fromEntries(next.searchParams)).toEqual({
      recursive: 'true',
      expand: 'true',
      limit: '2',
      cursor: expect.stringMatching(/./),
    });
  });

  it.each(['limit=0', 'limit=-1', 'limit=1.5', 'limit=all', 'cursor=2'])(
    'by %s are refused',
    async (query) => {
      const response = await hub(`${TREE}/main?${query}`);
      expect(response.status).toBe(400);
      expect(response.headers.get('x-error-code')).toBe('BadRequest');
    },
  );
});

describe('an answer of the API', () => {
  it('is readable for a page, with the link to the next one', async () => {
    const response = await hub(`${TREE}/main?limit=1`, {headers: {origin: 'https://app.holdfast.test'}});
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.holdfast.test');
    expect(response.headers.get('access-control-expose-headers')?.split(',')).toContain('Link');
    expect(response.headers.get('vary')).toBe('Origin');
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('ratelimit-policy')).toContain('"api"');
    expect(response.headers.get('x-repo-commit')).toBeNull();
  });

  it('is not sent to a client that has it', async () => {
    const etag = (await hub(`${TREE}/main`)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[0-9a-f]+-[\w+/]{27}"$/);
    expect((await hub(`${TREE}/main`, {headers: {'if-none-match': etag}})).status).toBe(304);
    expect((await hub(`${TREE}/v1.1`, {headers: {'if-none-match': etag}})).status).toBe(200);
  });

  it.each([
    [`${TREE}/main/missing`, 404, 'EntryNotFound', 'missing does not exist on "main"'],
    [`${TREE}/main/README.md`, 404, 'EntryNotFound', 'README.md does not exist on "main"'],
    [`${TREE}/no-such-branch`, 404, 'RevisionNotFound', 'Invalid rev id: no-such-branch'],
    ['/api/models/nobody/nothing/tree/main', 401, null, 'Invalid username or password.'],
    ['/api/buckets/nobody/nothing/tree', 401, null, 'Invalid username or password.'],
  ])('to %s is a %i %s, in JSON', async (path, status, code, message) => {
    const response = await hub(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-error-code')).toBe(code);
    expect(response.headers.get('x-error-message')).toBe(message);
    expect(await response.json()).toEqual({error: message});
  });

  it('has the same faults as a file', async () => {
    origins.fault({match: `${TREE}/main`, kind: 'truncate', toBytes: 20});
    const text = await (await hub(`${TREE}/main`)).text();
    expect(text).toHaveLength(20);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it('names a missing path, also with characters that a header cannot have', async () => {
    const response = await hub(`${TREE}/main/%E2%98%83`);
    expect(response.headers.get('x-error-message')).toBe('? does not exist on "main"');
    expect(await response.json()).toEqual({error: '☃ does not exist on "main"'});
  });
});
