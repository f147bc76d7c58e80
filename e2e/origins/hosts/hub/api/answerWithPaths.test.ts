import {describe, expect, it} from 'vitest';
import {startForTests} from '../../../testing/startForTests.ts';
import type {ListingRow} from './Listing.ts';

const {content, log, origin} = await startForTests();
const {
  id,
  commits: [older, newer],
} = content.model;
const PATHS = `/api/models/${id}/paths-info`;
const JSON_TYPE = {'content-type': 'application/json'};

const post = (path: string, body: unknown, headers: Record<string, string> = JSON_TYPE): Promise<Response> =>
  fetch(`${origin.hub}${path}`, {method: 'POST', headers, body: JSON.stringify(body)});

const rows = async (path: string, body: object): Promise<ListingRow[]> => (await post(path, body)).json();

describe('paths-info', () => {
  it('has the rows of the tree, in the requested order', async () => {
    const tree: ListingRow[] = await (
      await fetch(`${origin.hub}/api/models/${id}/tree/v1.1?recursive=true`)
    ).json();
    const paths = tree.map(({path}) => path).reverse();
    expect(await rows(`${PATHS}/v1.1`, {paths})).toEqual(tree.reverse());
  });

  it('omits missing paths', async () => {
    const found = await rows(`${PATHS}/refs%2Fpr%2F1`, {paths: ['missing.bin', 'README.md', 'tokenizer']});
    expect(found.map(({path, type}) => [type, path])).toEqual([
      ['file', 'README.md'],
      ['directory', 'tokenizer'],
    ]);
    expect(await rows(`${PATHS}/main`, {paths: []})).toEqual([]);
  });

  it('has the commit that changed a file, if requested', async () => {
    const paths = ['README.md', 'tokenizer/vocab.json'];
    const expanded = await rows(`${PATHS}/${newer.commit}`, {paths, expand: true});
    expect(expanded.map(({lastCommit}) => lastCommit?.id)).toEqual([newer.commit, older.commit]);
    const [plain] = await rows(`${PATHS}/${newer.commit}`, {paths, expand: false});
    expect(plain).not.toHaveProperty('lastCommit');
  });

  it('of a bucket has files only, by their complete paths', async () => {
    const paths = ['en-us/v0.6.0', 'en-us/v0.6.0/model.onnx', '/en-us/v0.6.0/wof-hot.db'];
    const found = await rows(`/api/buckets/${content.bucket.id}/paths-info`, {paths});
    expect(found.map(({path}) => path)).toEqual(['en-us/v0.6.0/model.onnx']);
    expect(found[0]).not.toHaveProperty('oid');
  });

  it.each([
    ['of another type', {paths: ['README.md']}, {'content-type': 'text/plain'}],
    ['without paths', {}, JSON_TYPE],
    ['with one path for a list of them', {paths: 'README.md'}, JSON_TYPE],
    ['that is null', null, JSON_TYPE],
  ])('refuses a body %s', async (_, body, headers) => {
    const response = await post(`${PATHS}/main`, body, headers);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({error: 'Invalid input'});
  });

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${origin.hub}${PATHS}/main`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"paths":',
    });
    expect(response.status).toBe(400);
  });

  it('supports POST only, and no other call does', async () => {
    expect((await fetch(`${origin.hub}${PATHS}/main`)).status).toBe(404);
    expect((await post(`/api/models/${id}/tree/main`, {paths: []})).status).toBe(404);
    expect((await post(`/${id}/resolve/main/README.md`, {})).status).toBe(404);
  });

  it.each([
    [`${PATHS}/no-such-branch`, 404, 'RevisionNotFound'],
    ['/api/models/nobody/nothing/paths-info/main', 401, null],
    ['/api/buckets/nobody/nothing/paths-info', 401, null],
  ])('%s is a %i %s', async (path, status, code) => {
    const response = await post(path, {paths: ['README.md']});
    expect(response.status).toBe(status);
    expect(response.headers.get('x-error-code')).toBe(code);
  });

  it('can be called by a page, after a preflight', async () => {
    const headers = {
      origin: 'https://app.holdfast.test',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const preflight = await fetch(`${origin.hub}${PATHS}/main`, {method: 'OPTIONS', headers});
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.holdfast.test');

    const answer = await post(`${PATHS}/main`, {paths: []}, {...JSON_TYPE, origin: headers.origin});
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.holdfast.test');
    await log.settled();
    expect(log.requests({method: 'POST'})).toMatchObject([{status: 200, ended: 'complete'}]);
  });
});
