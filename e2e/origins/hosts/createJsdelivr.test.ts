import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {startForTests} from '../testing/startForTests.ts';

const {origin} = await startForTests();

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${origin.jsdelivr}${path}`, {headers});

const installed = (path: string): Promise<Buffer> =>
  readFile(new URL(`../../node_modules/${path}`, import.meta.url));

describe('jsDelivr', () => {
  it('serves two versions of Pyodide, and the ONNX runtime', async () => {
    for (const [path, file] of [
      ['/pyodide/v314.0.7/full/pyodide-lock.json', 'pyodide/pyodide-lock.json'],
      ['/pyodide/v314.0.6/full/pyodide-lock.json', 'pyodide-previous/pyodide-lock.json'],
      ['/npm/onnxruntime-web@1.30.0/dist/ort.min.mjs', 'onnxruntime-web/dist/ort.min.mjs'],
    ] as const) {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.bytes()).equals(await installed(file))).toBe(true);
    }
  });

  it('says that a version never changes, and lets everybody read it', async () => {
    const {headers} = await get('/pyodide/v314.0.7/full/pyodide.mjs');
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=31536000, s-maxage=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
      'x-jsd-version': '314.0.7',
      'x-jsd-version-type': 'version',
      vary: 'Accept-Encoding',
    });
    expect(headers.get('etag')).toMatch(/^W\/"/);
  });

  it('prefers brotli to gzip, and keeps the type of wasm', async () => {
    const {headers} = await get('/pyodide/v314.0.7/full/pyodide.asm.wasm', {'accept-encoding': 'gzip, br'});
    expect(headers.get('content-encoding')).toBe('br');
    expect(headers.get('content-type')).toBe('application/wasm');
  });

  it('sends nothing compressed to those who do not accept it', async () => {
    const {headers} = await get('/pyodide/v314.0.7/full/pyodide.mjs', {
      'accept-encoding': 'br;q=0, identity',
    });
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('accept-ranges')).toBe('bytes');
  });

  it('answers ranges from the plain file', async () => {
    const response = await get('/pyodide/v314.0.7/full/python_stdlib.zip', {range: 'bytes=0-1'});
    expect(response.status).toBe(206);
    expect(await response.text()).toBe('PK');
  });

  it('refuses HTML, and does not find what it has not, both with CORS', async () => {
    const html = await get('/pyodide/v314.0.7/full/console.html');
    const missing = await get('/pyodide/v314.0.7/full/no-such-file.js');
    const unknown = await get('/npm/left-pad@1.3.0/index.js');
    expect([html.status, missing.status, unknown.status]).toEqual([403, 404, 404]);
    for (const {headers} of [html, missing, unknown]) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});
