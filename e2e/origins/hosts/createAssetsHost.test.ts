import {describe, expect, it} from 'vitest';
import {seededBytes} from '../content/seededBytes.ts';
import {startForTests} from '../testing/startForTests.ts';

const {origin} = await startForTests();
const FILES = ['/script.js', '/style.css', '/image.svg', '/module.wasm', '/data.bin', '/opaque/1.bin'];

describe('the assets hosts', () => {
  it.each(FILES)('have the same %s, with and without CORS headers', async (path) => {
    const [withCors, without] = await Promise.all([fetch(origin.cors + path), fetch(origin.noCors + path)]);
    expect(withCors.headers.get('access-control-allow-origin')).toBe('*');
    expect(without.headers.get('access-control-allow-origin')).toBeNull();
    expect(await withCors.bytes()).toEqual(await without.bytes());
  });

  it('without CORS have no CORS headers in preflights and failures', async () => {
    for (const init of [{method: 'OPTIONS'}, {}]) {
      const response = await fetch(`${origin.noCors}/missing`, init);
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('have a different file for each number, and always the same', async () => {
    const [one, again, two] = await Promise.all(
      [1, 1, 2].map(async (number) => (await fetch(`${origin.noCors}/opaque/${number}.bin`)).bytes()),
    );
    expect(one).toHaveLength(65_536);
    expect(one).toEqual(again);
    expect(one).not.toEqual(two);
  });

  it('have large files with ranges, which pages can read', async () => {
    const path = '/large/v1/2-mb.bin';
    const response = await fetch(origin.cors + path, {headers: {range: 'bytes=1000000-1000099'}});
    expect(response.headers.get('content-range')).toBe('bytes 1000000-1000099/2000000');
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]+"$/);
    expect(response.headers.get('access-control-expose-headers')).toBe('*');
    const part = seededBytes(path, 2_000_000).subarray(1_000_000, 1_000_100);
    expect(await response.bytes()).toEqual(new Uint8Array(part));
  });

  it('send large files slowly', async () => {
    const started = performance.now();
    await (await fetch(`${origin.cors}/large/v1/3-mb.bin`)).bytes();
    expect((performance.now() - started) / 1000).toBeGreaterThan(0.4);
  });

  it('have a valid wasm module', async () => {
    const response = await fetch(`${origin.cors}/module.wasm`);
    await expect(WebAssembly.compileStreaming(response)).resolves.toBeInstanceOf(WebAssembly.Module);
  });
});
