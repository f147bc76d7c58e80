import {describe, expect, it} from 'vitest';
import {seededBytes} from './content/seededBytes.ts';
import {startForTests} from './testing/startForTests.ts';

const {clearFaults, fault, log, origin} = await startForTests();
const URL_OF_DATA = `${origin.cors}/data.bin`;
const DATA = seededBytes('data.bin', 1_048_576);
const BUCKET_FILE = '/buckets/mailwoman/assets/resolve/en-us/v0.6.0/fst-en-US.bin';

const read = async (url: string, init: RequestInit = {}): Promise<Uint8Array> =>
  (await fetch(url, init)).bytes();

/** What a client has received when its answer breaks off. */
const readUntilBroken = async (response: Response): Promise<number> => {
  let received = 0;
  try {
    for await (const chunk of response.body ?? []) {
      received += chunk.byteLength;
    }
  } catch {
    return received;
  }
  throw new Error('The answer did not break off.');
};

const nth = (bytes: Uint8Array, index: number): number => bytes[index] ?? Number.NaN;

describe('a fault', () => {
  it('ends when it is undone', async () => {
    const undo = fault({match: '/data.bin', kind: 'status', status: 500});
    expect((await fetch(URL_OF_DATA)).status).toBe(500);
    undo();
    expect((await fetch(URL_OF_DATA)).status).toBe(200);
  });

  it('ends after its number of times, on the URLs that it matches', async () => {
    fault({match: /\/data\.bin$/, kind: 'status', status: 500, times: 1});
    expect((await fetch(`${origin.cors}/script.js`)).status).toBe(200);
    expect((await fetch(URL_OF_DATA)).status).toBe(500);
    expect((await fetch(URL_OF_DATA)).status).toBe(200);
  });

  it('of the body leaves the redirect alone and meets the file on the CDN', async () => {
    fault({match: BUCKET_FILE, kind: 'truncate', toBytes: 10, times: 1});
    expect(await read(`${origin.hub}${BUCKET_FILE}`)).toHaveLength(10);
  });

  it('leaves preflights alone', async () => {
    fault({match: '/data.bin', kind: 'status', status: 500, times: 1});
    expect((await fetch(URL_OF_DATA, {method: 'OPTIONS'})).status).toBe(204);
    expect((await fetch(URL_OF_DATA)).status).toBe(500);
  });

  it('is the newest where several fit', async () => {
    fault({match: '/data.bin', kind: 'status', status: 500});
    fault({match: '/data.bin', kind: 'status', status: 403});
    expect((await fetch(URL_OF_DATA)).status).toBe(403);
  });
});

describe('the kinds of fault', () => {
  it('status: fails as the host would, still with CORS', async () => {
    fault({match: '/data.bin', kind: 'status', status: 403});
    const response = await fetch(URL_OF_DATA);
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('etag')).toBeNull();
  });

  it('redirect-loop: never arrives', async () => {
    fault({match: '/data.bin', kind: 'redirect-loop'});
    await expect(fetch(URL_OF_DATA)).rejects.toThrow(TypeError);
    expect(log.requests({path: '/data.bin'}).length).toBeGreaterThan(10);
  });

  it('slow: keeps to its speed', async () => {
    fault({match: '/script.js', kind: 'slow', bytesPerSecond: 200});
    const started = performance.now();
    const bytes = await read(`${origin.cors}/script.js`);
    const seconds = (performance.now() - started) / 1000;
    expect(seconds).toBeGreaterThan((bytes.byteLength / 200) * 0.8);
  });

  it('stall: says when it is reached, and goes on when it is released', async () => {
    const stall = fault({match: '/data.bin', kind: 'stall', afterBytes: 100_000});
    const response = await fetch(URL_OF_DATA);
    const reading = response.bytes();
    await stall.reached;
    expect(log.requests({path: '/data.bin'})).toMatchObject([{bytesSent: 100_000, ended: undefined}]);
    stall.release();
    expect(Buffer.from(await reading).equals(DATA)).toBe(true);
  });

  it('stall: is let go when all faults are cleared', async () => {
    const stall = fault({match: '/data.bin', kind: 'stall', afterBytes: 0});
    const response = await fetch(URL_OF_DATA);
    await stall.reached;
    clearFaults();
    expect(await response.bytes()).toHaveLength(DATA.byteLength);
  });

  it('cut: sends exactly its bytes, and no end', async () => {
    fault({match: '/data.bin', kind: 'cut', afterBytes: 123_456});
    const response = await fetch(URL_OF_DATA);
    expect(response.headers.get('content-length')).toBe(String(DATA.byteLength));
    expect(await readUntilBroken(response)).toBe(123_456);
    await log.settled();
    expect(log.requests({path: '/data.bin'})).toMatchObject([{bytesSent: 123_456, ended: 'cut'}]);
  });

  it('wrong-length: declares more than it sends', async () => {
    fault({match: '/data.bin', kind: 'wrong-length', declared: 'larger'});
    const response = await fetch(URL_OF_DATA);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(DATA.byteLength);
    expect(await readUntilBroken(response)).toBe(DATA.byteLength);
  });

  it('wrong-length: declares less than the file has', async () => {
    fault({match: '/script.js', kind: 'wrong-length', declared: 'smaller'});
    const response = await fetch(`${origin.cors}/script.js`);
    const declared = Number(response.headers.get('content-length'));
    // Some clients take what was declared, others refuse the rest that comes after it.
    const received = await response.bytes().catch(() => undefined);
    expect(received?.byteLength ?? declared).toBe(declared);
  });

  it('wrong-length: declares nothing', async () => {
    fault({match: '/data.bin', kind: 'wrong-length', declared: 'absent'});
    const response = await fetch(URL_OF_DATA);
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.bytes()).toHaveLength(DATA.byteLength);
  });

  it('wrong-bytes: flips one byte of the file, in whichever range it comes', async () => {
    fault({match: '/data.bin', kind: 'wrong-bytes', atByte: 100_000});
    const whole = await read(URL_OF_DATA);
    expect(nth(whole, 100_000)).toBe(nth(DATA, 100_000) ^ 0xff);
    expect(whole.filter((byte, index) => byte !== DATA[index])).toHaveLength(1);
    const part = await read(URL_OF_DATA, {headers: {range: 'bytes=99999-100001'}});
    expect([...part]).toEqual([...whole.subarray(99_999, 100_002)]);
  });

  it('truncate: is a shorter file, consistent in itself', async () => {
    fault({match: '/data.bin', kind: 'truncate', toBytes: 1_000});
    const response = await fetch(URL_OF_DATA);
    expect(response.headers.get('content-length')).toBe('1000');
    expect(Buffer.from(await response.bytes()).equals(DATA.subarray(0, 1_000))).toBe(true);
    const last = await fetch(URL_OF_DATA, {headers: {range: 'bytes=-1'}});
    expect(last.headers.get('content-range')).toBe('bytes 999-999/1000');
  });

  it('wrong-bytes: spoils the file itself, not its compressed form', async () => {
    const url = `${origin.jsdelivr}/pyodide/v314.0.7/full/pyodide.mjs`;
    const right = await read(url);
    fault({match: '/pyodide.mjs', kind: 'wrong-bytes'});
    const wrong = await read(url);
    expect(wrong.filter((byte, index) => byte !== right[index])).toHaveLength(1);
  });
});
