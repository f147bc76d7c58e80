import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {startForTests} from '../testing/startForTests.ts';

const {origin} = await startForTests();

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${origin.cdnjs}/ajax/libs/${path}`, init);

const FILE = 'onnxruntime-web/1.30.0/ort.wasm.min.mjs';

describe('cdnjs', () => {
  it.each([
    [FILE, 'onnxruntime-web/dist/ort.wasm.min.mjs'],
    ['pyodide/314.0.7/pyodide.mjs', 'pyodide/pyodide.mjs'],
    ['pyodide/314.0.6/pyodide.asm.wasm', 'pyodide-previous/pyodide.asm.wasm'],
  ])('serves %s', async (path, file) => {
    const response = await ask(path);
    expect(response.status).toBe(200);
    const installed = await readFile(new URL(`../../node_modules/${file}`, import.meta.url));
    expect(installed.equals(await response.bytes())).toBe(true);
  });

  it('is immutable, and readable for every site', async () => {
    expect(Object.fromEntries((await ask(FILE)).headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=30672000',
      'cf-cache-status': 'HIT',
      'cross-origin-resource-policy': 'cross-origin',
      'timing-allow-origin': '*',
      vary: 'Accept-Encoding',
    });
  });

  it.each(['onnxruntime-web/latest/ort.min.js', 'onnxruntime-web/1.30.0/none.js', 'jquery/3.7.1/jquery.js'])(
    'does not find %s, and does not let a page read that',
    async (path) => {
      const {headers, status} = await ask(path);
      expect(status).toBe(404);
      expect(headers.has('access-control-allow-origin')).toBe(false);
    },
  );

  it('answers HEAD, ranges, conditions and brotli', async () => {
    const head = await ask(FILE, {method: 'HEAD', headers: {'accept-encoding': 'identity'}});
    expect([head.status, Number(head.headers.get('content-length')) > 0]).toEqual([200, true]);
    const range = await ask(FILE, {headers: {range: 'bytes=0-0'}});
    expect([range.status, await range.text()]).toEqual([206, '/']);
    const compressed = await ask(FILE, {headers: {'accept-encoding': 'gzip, br'}});
    expect(compressed.headers.get('content-encoding')).toBe('br');
    const etag = compressed.headers.get('etag') ?? '';
    expect((await ask(FILE, {headers: {'if-none-match': etag}})).status).toBe(304);
  });
});
