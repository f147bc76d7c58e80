import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {startForTests} from '../testing/startForTests.ts';

const {origin} = await startForTests();

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${origin.unpkg}${path}`, {redirect: 'manual', ...init});

const FILE = '/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs';

describe('unpkg', () => {
  it('serves a file of a version, cacheable for a year', async () => {
    const response = await ask(FILE);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-headers': '*',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
      'cache-control': 'public, max-age=31536000',
      'content-type': 'text/javascript; charset=utf-8',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(response.headers.has('etag')).toBe(false);
    const installed = new URL('../../node_modules/onnxruntime-web/dist/ort.wasm.min.mjs', import.meta.url);
    expect(await response.text()).toBe(await readFile(installed, 'utf8'));
  });

  it.each(['@latest', '@1', '@^1.30.0', '@%5E1.30.0', ''])(
    'redirects the version %j to the one that it stands for now, for a minute',
    async (range) => {
      const response = await ask(`/onnxruntime-web${range}/dist/ort.wasm.min.mjs?module`);
      expect(response.status).toBe(302);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=60, s-maxage=300',
        'cross-origin-resource-policy': 'cross-origin',
        location: `${origin.unpkg}${FILE}?module`,
      });
    },
  );

  it('redirects a package to its entry: with 301 for a version, with 302 otherwise', async () => {
    for (const [path, status, cacheControl] of [
      ['/onnxruntime-web@1.30.0', 301, null],
      ['/onnxruntime-web', 302, 'public, max-age=60, s-maxage=300'],
    ] as const) {
      const {headers, status: given} = await ask(path);
      expect(given).toBe(status);
      expect(headers.get('location')).toBe(`${origin.unpkg}/onnxruntime-web@1.30.0/dist/ort.min.js`);
      expect(headers.get('cache-control')).toBe(cacheControl);
      expect(headers.get('access-control-allow-origin')).toBe('*');
    }
    expect((await ask('/pyodide@314.0.6')).headers.get('location')).toBe(
      `${origin.unpkg}/pyodide@314.0.6/pyodide.js`,
    );
  });

  it.each([
    '/left-pad@1.3.0/index.js',
    '/onnxruntime-web@1.30.0/dist/none.js',
    '/onnxruntime-web@2/x.js',
    '/',
  ])('does not find %s, and does not let a page read that', async (path) => {
    const {headers, status} = await ask(path);
    expect(status).toBe(404);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  it('answers HEAD, ranges and brotli, but no preflight', async () => {
    const head = await ask(FILE, {method: 'HEAD', headers: {'accept-encoding': 'identity'}});
    expect([head.status, Number(head.headers.get('content-length')) > 0]).toEqual([200, true]);
    const range = await ask(FILE, {headers: {range: 'bytes=0-0'}});
    expect([range.status, await range.text()]).toEqual([206, '/']);
    const compressed = await ask(FILE, {headers: {'accept-encoding': 'gzip, br'}});
    expect(compressed.headers.get('content-encoding')).toBe('br');
    expect((await ask(FILE, {method: 'OPTIONS'})).status).toBe(405);
  });
});
