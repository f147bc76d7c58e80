import {createHash} from 'node:crypto';
import {describe, expect, it, onTestFinished} from 'vitest';
import {startForTests} from '../../testing/startForTests.ts';

const origins = await startForTests();
const {content, log, origin} = origins;
const [{commit, files}, newer] = content.model.commits;

const file = (path: string) => {
  const found = [...content.bucket.releases.flatMap(({files}) => files), ...files].find(
    (each) => each.path === path,
  );
  if (!found) {
    throw new Error(`The content has no ${path}.`);
  }
  return found;
};

const hub = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${origin.hub}${path}`, {redirect: 'manual', ...init});

const sha256 = async (response: Response): Promise<string> =>
  createHash('sha256')
    .update(await response.bytes())
    .digest('hex');

const BUCKET_MODEL = '/buckets/mailwoman/assets/resolve/en-us/v0.6.0/model.onnx';

describe('a small file', () => {
  it('is redirected with 307 to a relative URL with the commit', async () => {
    const response = await hub('/mailwoman/tiny/resolve/main/README.md');
    expect(response.status).toBe(307);
    const {gitOid} = file('README.md');
    expect(response.headers.get('location')).toBe(
      `/api/resolve-cache/models/mailwoman/tiny/${commit}/README.md` +
        `?%2Fmailwoman%2Ftiny%2Fresolve%2Fmain%2FREADME.md=&etag=%22${gitOid}%22`,
    );
    expect(response.headers.get('x-repo-commit')).toBe(commit);
    expect(response.headers.get('vary')).toBe('Origin, Accept');
  });

  it('is served there with the git hash as its ETag', async () => {
    const response = await hub('/mailwoman/tiny/resolve/main/README.md', {redirect: 'follow'});
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe(`"${file('README.md').gitOid}"`);
    expect(await response.text()).toContain('# mailwoman/tiny');
  });

  it('is the same at a branch with slashes, escaped or not, at a tag, and at the commit', async () => {
    for (const revision of ['refs%2Fpr%2F1', 'refs/pr/1', 'v1.0', commit]) {
      const response = await hub(`/mailwoman/tiny/resolve/${revision}/tokenizer/vocab.json`, {
        redirect: 'follow',
      });
      expect(await sha256(response)).toBe(file('tokenizer/vocab.json').sha256);
    }
  });

  it('has another meaningless query with ?download=true', async () => {
    const response = await hub('/mailwoman/tiny/resolve/main/config.json?download=true');
    expect(response.headers.get('location')).toMatch(/config\.json\?download=true&etag=/);
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('is not sent to a client that has it', async () => {
    const {gitOid} = file('README.md');
    const headers = {'if-none-match': `W/"${gitOid}"`};
    const response = await hub(`/api/resolve-cache/models/mailwoman/tiny/${commit}/README.md`, {headers});
    expect(response.status).toBe(304);
    expect(await response.text()).toBe('');
  });

  it('has no length if it is compressed, and has one in a range', async () => {
    const path = `/api/resolve-cache/models/mailwoman/tiny/${commit}/tokenizer%2Fvocab.json`;
    const compressed = await hub(path, {headers: {'accept-encoding': 'gzip'}});
    expect(compressed.headers.get('content-encoding')).toBe('gzip');
    expect(compressed.headers.get('content-length')).toBeNull();
    expect(compressed.headers.get('accept-ranges')).toBeNull();
    expect(await sha256(compressed)).toBe(file('tokenizer/vocab.json').sha256);

    const range = await hub(path, {headers: {'accept-encoding': 'gzip', range: 'bytes=0-0'}});
    expect(range.headers.get('content-encoding')).toBeNull();
    expect(range.headers.get('content-range')).toBe(`bytes 0-0/${file('tokenizer/vocab.json').size}`);
  });

  it('is found at /api/resolve-cache by a commit only', async () => {
    expect((await hub('/api/resolve-cache/models/mailwoman/tiny/main/README.md')).status).toBe(400);
    const other = '0'.repeat(40);
    expect((await hub(`/api/resolve-cache/models/mailwoman/tiny/${other}/README.md`)).status).toBe(404);
  });
});

describe('a large file', () => {
  it('is redirected with 302 to a signed URL on the CDN', async () => {
    const {sha256: digest, size, xetHash} = file('en-us/v0.6.0/model.onnx');
    const response = await hub(BUCKET_MODEL);
    expect(response.status).toBe(302);
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin).toBe(origin.hubCdn);
    expect(location.pathname).toMatch(new RegExp(`^/xet-bridge-us/[0-9a-f]{24}/${xetHash}$`));
    expect([...location.searchParams.keys()].sort()).toEqual(
      [
        'Expires',
        'Key-Pair-Id',
        'Policy',
        'Signature',
        'X-Xet-Cas-Uid',
        'response-content-disposition',
        'response-content-type',
        'user_id',
      ].sort(),
    );
    expect(response.headers.get('x-linked-etag')).toBe(`"${digest}"`);
    expect(response.headers.get('x-linked-size')).toBe(String(size));
    expect(response.headers.get('x-xet-hash')).toBe(xetHash);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('has another signed URL each time', async () => {
    const first = await hub(BUCKET_MODEL);
    const second = await hub(BUCKET_MODEL);
    expect(first.headers.get('location')).not.toBe(second.headers.get('location'));
  });

  it('arrives complete, with slashes in its path as they are and as %2F', async () => {
    for (const url of [BUCKET_MODEL, '/buckets/mailwoman/assets/resolve/en-us%2Fv0.6.0%2Fmodel.onnx']) {
      const response = await hub(url, {redirect: 'follow'});
      expect(await sha256(response)).toBe(file('en-us/v0.6.0/model.onnx').sha256);
    }
  });

  it('of a model has the commit, which a bucket does not have', async () => {
    const ofModel = await hub('/mailwoman/tiny/resolve/main/model.safetensors');
    expect(ofModel.status).toBe(302);
    expect(ofModel.headers.get('x-repo-commit')).toBe(commit);
    expect((await hub(BUCKET_MODEL)).headers.get('x-repo-commit')).toBeNull();
  });

  it('is described instead of redirected if the client requests that', async () => {
    const {size, xetHash} = file('en-us/v0.6.0/model.onnx');
    const headers = {accept: 'application/vnd.xet-fileinfo+json, */*', range: 'bytes=0-0'};
    const response = await hub(BUCKET_MODEL, {headers});
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^application\/vnd\.xet-fileinfo\+json/);
    expect(response.headers.get('x-linked-size')).toBe(String(size));
    expect(await response.json()).toMatchObject({hash: xetHash});
  });

  it('answers HEAD like GET, without a body', async () => {
    const response = await hub(BUCKET_MODEL, {method: 'HEAD'});
    expect(response.status).toBe(302);
    expect(response.headers.get('x-linked-size')).toBe(String(file('en-us/v0.6.0/model.onnx').size));
    await log.settled();
    expect(log.requests({method: 'HEAD'})).toMatchObject([{bytesSent: 0, ended: 'complete'}]);
  });
});

describe('a repository', () => {
  const {dataset, model, space} = content;

  it.each([
    ['', 'models', model],
    ['datasets/', 'datasets', dataset],
    ['spaces/', 'spaces', space],
  ])('below /%s has a commit, which its URLs redirect to', async (prefix, kind, {commits: [first], id}) => {
    const small = await hub(`/${prefix}${id}/resolve/main/README.md`);
    expect(small.status).toBe(307);
    const location = small.headers.get('location') ?? '';
    expect(location).toContain(`/api/resolve-cache/${kind}/${id}/${first.commit}/README.md?`);
    expect(await (await hub(location)).text()).toContain(`# ${id}`);

    const large = first.files.at(-1);
    const redirect = await hub(`/${prefix}${id}/resolve/${first.commit}/${large?.path}`);
    expect(redirect.status).toBe(302);
    expect(redirect.headers.get('link')).toContain(`/api/${kind}/${id}/xet-read-token/${first.commit}`);
    expect(await sha256(await fetch(redirect.headers.get('location') ?? ''))).toBe(large?.sha256);
  });

  it('has other bytes at another commit and its tag, and the same bytes for unchanged files', async () => {
    for (const path of ['README.md', 'model.safetensors', 'tokenizer/vocab.json']) {
      const digests = await Promise.all(
        ['v1.0', 'v1.1', newer.commit].map(async (revision) =>
          sha256(await hub(`/mailwoman/tiny/resolve/${revision}/${path}`, {redirect: 'follow'})),
        ),
      );
      const [before, after, pinned] = digests;
      expect(after).toBe(pinned);
      expect(before === after).toBe(path === 'tokenizer/vocab.json');
    }
  });

  it('has branches that move, and commits and tags that do not', async () => {
    const commitOf = async (revision: string): Promise<string | null> =>
      (await hub(`/mailwoman/tiny/resolve/${revision}/model.safetensors`)).headers.get('x-repo-commit');

    origins.moveBranch('mailwoman/tiny', 'main', newer.commit);
    onTestFinished(() => origins.moveBranch('mailwoman/tiny', 'main', commit));
    expect(await Promise.all(['main', 'refs/pr/1', 'v1.0', commit].map(commitOf))).toEqual([
      newer.commit,
      commit,
      commit,
      commit,
    ]);
    const readme = await hub('/mailwoman/tiny/resolve/main/README.md', {redirect: 'follow'});
    expect(await readme.text()).toContain('v1.1');
  });

  it('refuses to move unknown repositories, branches or commits', () => {
    for (const [repository, branch, to] of [
      ['models/mailwoman/tiny', 'main', newer.commit],
      ['mailwoman/tiny', 'v1.0', newer.commit],
      ['mailwoman/tiny', 'main', 'v1.1'],
      ['mailwoman/tiny', 'main', dataset.commits[0].commit],
    ] as const) {
      expect(() => origins.moveBranch(repository, branch, to)).toThrow(`'${repository}'`);
    }
  });

  it('answers HEAD and the first byte on every hop, with the size and an ETag', async () => {
    const {gitOid, size} = file('tokenizer/vocab.json');
    const url = '/mailwoman/tiny/resolve/main/tokenizer/vocab.json';
    const first = await hub(url, {method: 'HEAD', headers: {'accept-encoding': 'identity'}});
    expect(first.headers.get('x-linked-etag')).toBe(`"${gitOid}"`);
    const cached = first.headers.get('location') ?? '';
    const head = await hub(cached, {method: 'HEAD', headers: {'accept-encoding': 'identity'}});
    expect(Object.fromEntries(head.headers)).toMatchObject({
      etag: `"${gitOid}"`,
      'content-length': String(size),
    });

    for (const [path, etag] of [
      ['tokenizer/vocab.json', gitOid],
      ['model.safetensors', file('model.safetensors').xetHash],
    ] as const) {
      const range = await hub(`/mailwoman/tiny/resolve/main/${path}`, {
        headers: {range: 'bytes=0-0'},
        redirect: 'follow',
      });
      expect(range.status).toBe(206);
      expect(range.headers.get('content-range')).toBe(`bytes 0-0/${file(path).size}`);
      expect(range.headers.get('etag')).toBe(`"${etag}"`);
      expect(await range.bytes()).toHaveLength(1);
    }
  });
});

describe('what git has', () => {
  it('is a small file itself, without a redirect', async () => {
    const {gitOid, sha256: digest} = file('tokenizer/vocab.json');
    for (const revision of ['main', 'refs%2Fpr%2F1', 'refs/pr/1', 'v1.1', commit]) {
      const response = await hub(`/mailwoman/tiny/raw/${revision}/tokenizer/vocab.json`);
      expect(response.status).toBe(200);
      expect(response.headers.get('etag')).toMatch(new RegExp(`^(W/)?"${gitOid}"$`));
      expect(await sha256(response)).toBe(digest);
    }
  });

  it('is the pointer of a large file', async () => {
    const {sha256: digest, size} = file('model.safetensors');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${digest}\nsize ${size}\n`;
    const blob = createHash('sha1').update(`blob ${pointer.length}\0${pointer}`).digest('hex');
    const response = await hub(`/mailwoman/tiny/raw/main/model.safetensors`, {
      headers: {origin: 'https://app.holdfast.test'},
    });
    expect(await response.text()).toBe(pointer);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.holdfast.test',
      'content-length': String(pointer.length),
      'content-type': 'text/plain; charset=utf-8',
      etag: `"${blob}"`,
      'x-repo-commit': commit,
    });
  });

  it('exists for datasets and spaces, and not for buckets', async () => {
    const {dataset, space} = content;
    for (const path of [`/datasets/${dataset.id}`, `/spaces/${space.id}`]) {
      expect(await (await hub(`${path}/raw/v1.1/README.md`)).text()).toContain('v1.1');
    }
    expect((await hub(BUCKET_MODEL.replace('/resolve/', '/raw/'))).status).toBe(404);
  });
});

describe('CORS', () => {
  it('reflects the origin, and is that of the Hub for requests without one', async () => {
    const withOrigin = await hub(BUCKET_MODEL, {headers: {origin: 'https://app.holdfast.test'}});
    expect(withOrigin.headers.get('access-control-allow-origin')).toBe('https://app.holdfast.test');
    expect((await hub(BUCKET_MODEL)).headers.get('access-control-allow-origin')).toBe(
      'https://huggingface.co',
    );
  });

  it('allows the headers that a preflight requests', async () => {
    const response = await hub(BUCKET_MODEL, {
      method: 'OPTIONS',
      headers: {origin: 'https://app.holdfast.test', 'access-control-request-headers': 'range'},
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-headers')).toBe('range');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET');
  });
});

describe('a missing file', () => {
  it.each([
    ['/mailwoman/tiny/resolve/main/missing.bin', 404, 'EntryNotFound'],
    ['/buckets/mailwoman/assets/resolve/en-us/v9.9.9/model.onnx', 404, 'EntryNotFound'],
    ['/mailwoman/tiny/raw/main/missing.bin', 404, 'EntryNotFound'],
    ['/mailwoman/tiny/resolve/no-such-branch/README.md', 404, 'RevisionNotFound'],
    ['/nobody/nothing/resolve/main/README.md', 401, 'RepoNotFound'],
    ['/datasets/mailwoman/tiny/resolve/main/README.md', 401, 'RepoNotFound'],
  ])('%s is a %i %s', async (path, status, code) => {
    const response = await hub(path);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-error-code')).toBe(code);
  });
});
