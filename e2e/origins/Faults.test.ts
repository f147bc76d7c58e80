import {describe, expect, it} from 'vitest';
import {seededBytes} from './content/seededBytes.ts';
import {startForTests} from './testing/startForTests.ts';

const {clearFaults, fault, log, origin} = await startForTests();
const URL_OF_DATA = `${origin.cors}/data.bin`;
const DATA = seededBytes('data.bin', 1_048_576);
const BUCKET_FILE = '/buckets/mailwoman/assets/resolve/en-us/v0.6.0/fst-en-US.bin';

const read = async (url: string, init: RequestInit = {}): Promise<Uint8Array> =>
  (await fetch(url, init)).bytes();

/** Returns how many bytes a client receives before the connection breaks. */
const readUntilBroken = async (response: Response): Promise<number> => {
  let received = 0;
  try {
    for await (const chunk of response.body ?? []) {
      received += chunk.byteLength;
    }
  } catch {
    return received;
  }
  throw new Error('The connection did not break.');
};

const nth = (bytes: Uint8Array, index: number): number => bytes[index] ?? Number.NaN;

describe('a fault', () => {
  it('ends when its function is called', async () => {
    const undo = fault({match: '/data.bin', kind: 'status', status: 500});
    expect((await fetch(URL_OF_DATA)).status).toBe(500);
    undo();
    expect((await fetch(URL_OF_DATA)).status).toBe(200);
  });

  it('affects matching URLs only, and ends after its number of times', async () => {
    fault({match: /\/data\.bin$/, kind: 'status', status: 500, times: 1});
    expect((await fetch(`${origin.cors}/script.js`)).status).toBe(200);
    expect((await fetch(URL_OF_DATA)).status).toBe(500);
    expect((await fetch(URL_OF_DATA)).status).toBe(200);
  });

  it('of a body skips the redirect and affects the file on the CDN', async () => {
    fault({match: BUCKET_FILE, kind: 'truncate', toBytes: 10, times: 1});
    expect(await read(`${origin.hub}${BUCKET_FILE}`)).toHaveLength(10);
  });

  it('skips preflights', async () => {
    fault({match: '/data.bin', kind: 'status', status: 500, times: 1});
    expect((await fetch(URL_OF_DATA, {method: 'OPTIONS'})).status).toBe(204);
    expect((await fetch(URL_OF_DATA)).status).toBe(500);
  });

  it('is the newest of several that match', async () => {
    fault({match: '/data.bin', kind: 'status', status: 500});
    fault({match: '/data.bin', kind: 'status', status: 403});
    expect((await fetch(URL_OF_DATA)).status).toBe(403);
  });
});

describe('the kinds of fault', () => {
  it('status: fails as the host does, with CORS headers', async () => {
    fault({match: '/data.bin', kind: 'status', status: 403});
    const response = await fetch(URL_OF_DATA);
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('etag')).toBeNull();
  });

  it('redirect-loop: redirects until the client fails', async () => {
    fault({match: '/data.bin', kind: 'redirect-loop'});
    await expect(fetch(URL_OF_DATA)).rejects.toThrow(TypeError);
    expect(log.requests({path: '/data.bin'}).length).toBeGreaterThan(10);
  });

  it('slow: is no faster than its speed', async () => {
    fault({match: '/script.js', kind: 'slow', bytesPerSecond: 200});
    const started = performance.now();
    const bytes = await read(`${origin.cors}/script.js`);
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan((bytes.byteLength / 200) * 0.8);
  });

  it('stall: reports when it is reached, and resumes when it is released', async () => {
    const stall = fault({match: '/data.bin', kind: 'stall', afterBytes: 100_000});
    const response = await fetch(URL_OF_DATA);
    const reading = response.bytes();
    await stall.reached;
    expect(log.requests({path: '/data.bin'})).toMatchObject([{bytesSent: 100_000, ended: undefined}]);
    stall.release();
    expect(Buffer.from(await reading).equals(DATA)).toBe(true);
  });

  it('stall: resumes when all faults are cleared', async () => {
    const stall = fault({match: '/data.bin', kind: 'stall', afterBytes: 0});
    const response = await fetch(URL_OF_DATA);
    await stall.reached;
    clearFaults();
    expect(await response.bytes()).toHaveLength(DATA.byteLength);
  });

  it('cut: sends exactly its bytes, and closes the socket', async () => {
    fault({match: '/data.bin', kind: 'cut', afterBytes: 123_456});
    const response = await fetch(URL_OF_DATA);
    expect(response.headers.get('content-length')).toBe(String(DATA.byteLength));
    expect(await readUntilBroken(response)).toBe(123_456);
    await log.settled();
    expect(log.requests({path: '/data.bin'})).toMatchObject([{bytesSent: 123_456, ended: 'cut'}]);
  });

  it('wrong-length: declares more bytes than it sends', async () => {
    fault({match: '/data.bin', kind: 'wrong-length', declared: 'larger'});
    const response = await fetch(URL_OF_DATA);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(DATA.byteLength);
    expect(await readUntilBroken(response)).toBe(DATA.byteLength);
  });

  it('wrong-length: declares fewer bytes than the file has', async () => {
    fault({match: '/script.js', kind: 'wrong-length', declared: 'smaller'});
    const response = await fetch(`${origin.cors}/script.js`);
    const declared = Number(response.headers.get('content-length'));
    // Some clients read what was declared. Others fail because of the bytes after it.
    const received = await response.bytes().catch(() => undefined);
    expect(received?.byteLength ?? declared).toBe(declared);
  });

  it('wrong-length: declares no length', async () => {
    fault({match: '/data.bin', kind: 'wrong-length', declared: 'absent'});
    const response = await fetch(URL_OF_DATA);
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.bytes()).toHaveLength(DATA.byteLength);
  });

  it('wrong-bytes: inverts one byte of the file, also in a range', async () => {
    fault({match: '/data.bin', kind: 'wrong-bytes', atByte: 100_000});
    const complete = await read(URL_OF_DATA);
    expect(nth(complete, 100_000)).toBe(nth(DATA, 100_000) ^ 0xff);
    expect(complete.filter((byte, index) => byte !== DATA[index])).toHaveLength(1);
    const part = await read(URL_OF_DATA, {headers: {range: 'bytes=99999-100001'}});
    expect([...part]).toEqual([...complete.subarray(99_999, 100_002)]);
  });

  it('truncate: serves a shorter file that is consistent in itself', async () => {
    fault({match: '/data.bin', kind: 'truncate', toBytes: 1_000});
    const response = await fetch(URL_OF_DATA);
    expect(response.headers.get('content-length')).toBe('1000');
    expect(Buffer.from(await response.bytes()).equals(DATA.subarray(0, 1_000))).toBe(true);
    const last = await fetch(URL_OF_DATA, {headers: {range: 'bytes=-1'}});
    expect(last.headers.get('content-range')).toBe('bytes 999-999/1000');
  });

  it('wrong-bytes: damages the file itself, not its compressed form', async () => {
    const url = `${origin.jsdelivr}/pyodide/v314.0.7/full/pyodide.mjs`;
    const right = await read(url);
    fault({match: '/pyodide.mjs', kind: 'wrong-bytes'});
    const wrong = await read(url);
    expect(wrong.filter((byte, index) => byte !== right[index])).toHaveLength(1);
  });
});
