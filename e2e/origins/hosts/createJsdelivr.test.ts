import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {startForTests} from '../testing/startForTests.ts';

const {content, origin} = await startForTests();

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${origin.jsdelivr}${path}`, {headers});

const installed = (path: string): Promise<Buffer> =>
  readFile(new URL(`../../node_modules/${path}`, import.meta.url));

describe('jsDelivr', () => {
  it('serves two versions of Pyodide, and the ONNX runtime', async () => {
    for (const [path, file] of [
      ['/pyodide/v314.0.7/full/pyodide.asm.mjs', 'pyodide/pyodide.asm.mjs'],
      ['/pyodide/v314.0.6/full/pyodide.asm.mjs', 'pyodide-previous/pyodide.asm.mjs'],
      ['/npm/pyodide@314.0.7/pyodide-lock.json', 'pyodide/pyodide-lock.json'],
      ['/npm/onnxruntime-web@1.30.0/dist/ort.min.mjs', 'onnxruntime-web/dist/ort.min.mjs'],
    ] as const) {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.bytes()).equals(await installed(file))).toBe(true);
    }
  });

  it.each([
    ['/onnxruntime-web@latest/dist/ort.min.js', '1.30.0'],
    ['/onnxruntime-web@^1.4.0/dist/ort.min.js', '1.30.0'],
    ['/onnxruntime-web@1/dist/ort.min.js', '1.30.0'],
    ['/onnxruntime-web/dist/ort.min.js', '1.30.0'],
    ['/pyodide@314/pyodide.mjs', '314.0.7'],
  ])('answers %s with %s, without a redirect and not for ever', async (path, version) => {
    const response = await get(`/npm${path}`);
    expect(response.redirected).toBe(false);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'public, max-age=604800, s-maxage=43200',
      'x-jsd-version': version,
      'x-jsd-version-type': 'version',
    });
    const pinned = await get(`/npm${path.replace(/^\/([^/@]+)(@[^/]+)?/, `/$1@${version}`)}`);
    expect(pinned.headers.get('etag')).toBe(response.headers.get('etag'));
    expect(pinned.headers.get('cache-control')).toContain('immutable');
  });

  it('has a Python package in each Pyodide, with the same name and other bytes, listed in its lock file', async () => {
    const wheels = content.wheels.filter((wheel) => wheel.origin === 'jsdelivr');
    expect(wheels.map(({path}) => path)).toEqual([
      '/pyodide/v314.0.7/full/mailwoman_places-1.0.0-py3-none-any.whl',
      '/pyodide/v314.0.6/full/mailwoman_places-1.0.0-py3-none-any.whl',
    ]);
    expect(new Set(wheels.map(({sha256}) => sha256)).size).toBe(2);
    for (const {name, path, sha256} of wheels) {
      const bytes = await (await get(path)).bytes();
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      const lock = await (await get(path.replace(/[^/]+$/, 'pyodide-lock.json'))).json();
      expect(lock.packages[name]).toMatchObject({file_name: path.split('/').at(-1), sha256});
      expect(lock.packages.numpy).toHaveProperty('sha256');
    }
  });

  it('is immutable, and readable for every site', async () => {
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
  }, 30_000);

  it('compresses only for clients that accept it', async () => {
    const {headers} = await get('/pyodide/v314.0.7/full/pyodide.mjs', {
      'accept-encoding': 'br;q=0, identity',
    });
    expect(headers.get('content-encoding')).toBeNull();
    expect(headers.get('accept-ranges')).toBe('bytes');
  });

  it('answers ranges from the uncompressed file', async () => {
    const response = await get('/pyodide/v314.0.7/full/python_stdlib.zip', {range: 'bytes=0-1'});
    expect(response.status).toBe(206);
    expect(await response.text()).toBe('PK');
  });

  it('refuses HTML and missing files, with CORS headers', async () => {
    const html = await get('/pyodide/v314.0.7/full/console.html');
    const missing = await get('/pyodide/v314.0.7/full/no-such-file.js');
    const unknown = await get('/npm/left-pad@1.3.0/index.js');
    const unpublished = await get('/npm/onnxruntime-web@^2.0.0/dist/ort.min.js');
    const answers = [html, missing, unknown, unpublished];
    expect(answers.map(({status}) => status)).toEqual([403, 404, 404, 404]);
    for (const {headers} of answers) {
      expect(headers.get('access-control-allow-origin')).toBe('*');
    }
  });
});
