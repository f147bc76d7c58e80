import {createHash} from 'node:crypto';
import {loadPyodide} from 'pyodide';
import {describe, expect, it} from 'vitest';
import {startForTests} from '../testing/startForTests.ts';

const {content, origin} = await startForTests();

const wheels = content.wheels.filter((wheel) => wheel.origin === 'pypiFiles');

const ask = (path: string | undefined, init: RequestInit = {}): Promise<Response> =>
  fetch(`${origin.pypiFiles}${path}`, init);

const allowedOrigin = ({headers}: Response): string | null => headers.get('access-control-allow-origin');

/**
 * Returns Python's own view of an installed package: its build, and the files that differ from the wheel's
 * record.
 */
const INSPECT = `
import base64, hashlib, json
from importlib.metadata import files
import mailwoman_places

def digest(file):
    return base64.urlsafe_b64encode(hashlib.sha256(file.read_binary()).digest()).decode().rstrip("=")

recorded = [file for file in files("mailwoman-places") if file.hash]
wrong = [str(file) for file in recorded if file.hash.value != digest(file)]
json.dumps([mailwoman_places.BUILD, len(recorded), wrong])
`;

describe('the files of PyPI', () => {
  it.each(wheels)('have $name $version, under a path with a digest', async ({path, sha256}) => {
    expect(path).toMatch(
      /^\/packages\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}\/mailwoman_places-1\.[01]\.0-py3-none-any\.whl$/,
    );
    const response = await ask(path);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'access-control-allow-headers': 'Range',
      'access-control-allow-methods': 'GET, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'Content-Length, Content-Range, Accept-Ranges',
      'cache-control': 'max-age=365000000, immutable, public',
      'content-type': 'application/octet-stream',
    });
    expect(response.headers.has('cross-origin-resource-policy')).toBe(false);
    expect(
      createHash('sha256')
        .update(await response.bytes())
        .digest('hex'),
    ).toBe(sha256);
  });

  it('are wheels that Pyodide can install', async () => {
    const python = await loadPyodide();
    await python.loadPackage(`${origin.pypiFiles}${wheels[0]?.path}`, {messageCallback: () => undefined});
    expect(JSON.parse(python.runPython(INSPECT))).toEqual([wheels[0]?.build, 3, []]);
  }, 30_000);

  it('are the same with any query', async () => {
    const [plain, withQuery] = await Promise.all([ask(wheels[0]?.path), ask(`${wheels[0]?.path}?a=1`)]);
    expect(await withQuery.bytes()).toEqual(await plain.bytes());
  });

  it('support ranges, with CORS headers', async () => {
    const response = await ask(wheels[0]?.path, {headers: {range: 'bytes=0-1'}});
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes 0-1/${wheels[0]?.size}`);
    expect(allowedOrigin(response)).toBe('*');
    expect(await response.text()).toBe('PK');
  });

  it('answer a preflight, valid for a day', async () => {
    const response = await ask(wheels[0]?.path, {method: 'OPTIONS'});
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-max-age')).toBe('86400');
    expect(allowedOrigin(response)).toBe('*');
  });

  it('have CORS headers only for a GET that finds a file', async () => {
    const head = await ask(wheels[0]?.path, {method: 'HEAD'});
    const missing = await ask(`/packages/00/00/${'0'.repeat(60)}/none-1.0-py3-none-any.whl`);
    expect([head.status, missing.status]).toEqual([200, 404]);
    expect(head.headers.get('content-length')).toBe(String(wheels[0]?.size));
    expect([head, missing].map(allowedOrigin)).toEqual([null, null]);
  });
});
