/** Large files: they are stored in pieces, resume, and become one ordinary entry. */
import {createHash} from 'node:crypto';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {seededBytes} from '../origins/content/seededBytes.ts';

const MODEL = 'de-de/v0.6.0/model.onnx';
const CACHE = 'models-de-de-v0.6.0';
const CDN_OF_MODEL = /^https:\/\/[^/]*(?:cdn\.hf\.co|xethub\.hf\.co)\//;
const PIECE = 65_536;
/** Where connections stall, and how many pieces are complete there. */
const REACHED = 1_000_000;
const PIECES_REACHED = Math.floor(REACHED / PIECE);

let stage: Stage;
let page: Page;
let model: string;

beforeAll(async () => {
  stage = await openSharedStage(['large']);
  model = stage.assetUrl(MODEL);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const loadIn = (where: Page, url: string, headers: Record<string, string> = {}) =>
  where.evaluate(([what, range]) => load(what, {headers: range}), [url, headers] as const);

/** Loads a file. The load may end with its page. */
const startToLoad = (where: Page, url = model) =>
  loadIn(where, url).then(
    ({sha256}) => sha256,
    () => 'a network error',
  );

/** Returns the bytes that the Hub's CDN sent, by request. */
const sent = () =>
  stage.origins.log
    .requests({to: 'hubCdn', method: 'GET'})
    .map(({range, status, bytesSent}) => ({range, status, bytesSent}));

const bytesSent = (): number => sent().reduce((sum, one) => sum + one.bytesSent, 0);

const storedIn = (where: Page) => where.evaluate(() => stored());

/** Returns the number of stored pieces. One entry more describes the file. */
const pieces = async (where: Page): Promise<number> =>
  Object.entries(await storedIn(where))
    .filter(([name]) => name.startsWith('holdfast-pieces '))
    .reduce((sum, [, keys]) => sum + keys.length - 1, 0);

const whenStored = (where: Page) => expect.poll(() => storedIn(where)).toEqual({[CACHE]: [model]});

const size = (): number => stage.file(MODEL).size;
const sha256 = (): string => stage.file(MODEL).sha256;
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a large file', () => {
  it('reaches the page while it is stored, and becomes one ordinary entry', async () => {
    expect(await loadIn(page, model)).toMatchObject({
      status: 200,
      sha256: sha256(),
      url: model,
      type: 'basic',
    });
    await whenStored(page);
    expect(sent()).toHaveLength(1);

    await stage.browser.setOffline(true);
    expect(await loadIn(page, model)).toMatchObject({status: 200, sha256: sha256()});
  });

  it('resumes after a cut, in the same response to the page', async () => {
    stage.origins.fault({match: MODEL, kind: 'cut', afterBytes: 700_000, times: 1});
    expect(await loadIn(page, model)).toMatchObject({status: 200, sha256: sha256()});
    // The browser may drop bytes that the worker has not read when the connection breaks: they are fetched again.
    expect(sent().map(({status}) => status)).toEqual([200, 206]);
    await whenStored(page);
  });

  it('resumes with the next request after the worker is killed', async () => {
    const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: REACHED, times: 1});
    const loading = startToLoad(page);
    await stall.reached;
    await expect.poll(() => pieces(page)).toBeGreaterThanOrEqual(PIECES_REACHED);
    await stage.browser.killWorkers();
    expect(await loading).toBe('a network error');
    await stage.origins.log.settled();
    stall.release();

    expect(await loadIn(page, model)).toMatchObject({status: 200, sha256: sha256()});
    const last = sent().at(-1);
    expect(last).toMatchObject({status: 206});
    // Of the bytes that had arrived, only those of the incomplete piece are fetched again.
    expect(last?.bytesSent).toBeLessThanOrEqual(size() - REACHED + PIECE);
    await whenStored(page);
  });

  it('resumes with the next request after its page and the browser are closed', async () => {
    const other = await stage.openPage();
    const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: REACHED, times: 1});
    const loading = startToLoad(page);
    await stall.reached;
    await expect.poll(() => pieces(other)).toBeGreaterThanOrEqual(PIECES_REACHED);
    await page.close();
    await loading;
    await stage.origins.log.settled();
    stall.release();
    await stage.browser.restart();

    const later = await stage.openPage();
    await later.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    expect(await loadIn(later, model)).toMatchObject({status: 200, sha256: sha256()});
    expect(sent().at(-1)?.bytesSent).toBeLessThanOrEqual(size() - REACHED + PIECE);
    await whenStored(later);
  });

  it('gets a new signed URL from the Hub when the first one has expired', async () => {
    // The newest rule is applied first: the first answer is cut, the second one refused.
    stage.origins.fault({match: CDN_OF_MODEL, kind: 'status', status: 403, times: 1});
    stage.origins.fault({match: MODEL, kind: 'cut', afterBytes: 700_000, times: 1});
    expect(await loadIn(page, model)).toMatchObject({status: 200, sha256: sha256()});
    expect(sent().map(({status}) => status)).toEqual([200, 403, 206]);
    expect(stage.origins.log.requests({to: 'hub', path: /model\.onnx/})).toHaveLength(3);
    await whenStored(page);
  });

  it('is fetched from the beginning when the host has replaced it', async () => {
    const url = `${stage.app}/plain/data.bin`;
    const [before, after] = ['one', 'other'].map((seed) => seededBytes(seed, 2_000_000)) as [Buffer, Buffer];
    stage.origins.app.set('/plain/data.bin', before, {etag: '"one"', 'accept-ranges': 'bytes'});
    const stall = stage.origins.fault({
      match: '/plain/data.bin',
      kind: 'stall',
      afterBytes: REACHED,
      times: 1,
    });
    const loading = startToLoad(page, url);
    await stall.reached;
    await expect.poll(() => pieces(page)).toBeGreaterThanOrEqual(PIECES_REACHED);
    await stage.browser.killWorkers();
    await loading;
    stall.release();

    stage.origins.app.set('/plain/data.bin', after, {etag: '"other"', 'accept-ranges': 'bytes'});
    expect(await loadIn(page, url)).toMatchObject({status: 200, sha256: sha256Of(after)});
    await expect.poll(() => storedIn(page)).toEqual({plain: [url]});
    expect(await loadIn(page, url)).toMatchObject({sha256: sha256Of(after)});
  });

  it('reaches the page when there is no room to store it', async () => {
    await stage.browser.setQuota(stage.app, 300_000);
    expect(await loadIn(page, model)).toMatchObject({status: 200, sha256: sha256()});
    expect(sent()).toHaveLength(1);
  });

  it('fails at once offline, and loads when the network is back', async () => {
    await stage.browser.setOffline(true);
    expect(await startToLoad(page)).toBe('a network error');
    await stage.browser.setOffline(false);
    expect(await startToLoad(page)).toBe(sha256());
    await whenStored(page);
  });
});

describe('two pages that request the same file', () => {
  it('share one download, and the second one gets the stored bytes at once', async () => {
    const other = await stage.openPage();
    const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: REACHED, times: 1});
    const first = startToLoad(page);
    await stall.reached;
    const begun = await other.evaluate(async (url) => {
      const reader = (await fetch(url)).body?.getReader();
      let bytes = 0;
      while (reader && bytes < 900_000) {
        bytes += (await reader.read()).value?.byteLength ?? 0;
      }
      return bytes;
    }, model);
    expect(begun).toBeGreaterThanOrEqual(900_000);
    stall.release();
    expect(await first).toBe(sha256());
    expect(sent()).toHaveLength(1);
    // Also while the other page holds its response without reading: the pieces stay until that ends.
    await expect.poll(() => storedIn(page)).toMatchObject({[CACHE]: [model]});
  });

  it('get their bytes when the page that started the download is closed', async () => {
    const other = await stage.openPage();
    const stall = stage.origins.fault({match: MODEL, kind: 'stall', afterBytes: 500_000, times: 1});
    const closed = startToLoad(page);
    await stall.reached;
    const loading = startToLoad(other);
    await other.evaluate(() => holdfast.releases());
    await page.close();
    await closed;
    stall.release();
    expect(await loading).toBe(sha256());
    expect(bytesSent()).toBe(size());
    await whenStored(other);
  });
});

describe.each(['stored', 'not stored'])('of a file that is %s,', (state) => {
  const bytes = seededBytes('ranges', 3_000_000);
  let url: string;

  beforeEach(async () => {
    url = `${stage.app}/plain/ranges.bin`;
    stage.origins.app.set('/plain/ranges.bin', bytes, {
      etag: '"ranges"',
      'content-type': 'x/y',
      'accept-ranges': 'bytes',
    });
    if (state === 'stored') {
      await loadIn(page, url);
      await expect.poll(() => storedIn(page)).toEqual({plain: [url]});
    }
    await stage.origins.log.settled();
    stage.origins.log.clear();
  });

  const requests = () => stage.origins.log.requests({to: 'app', path: '/plain/ranges.bin'});

  it.each([
    ['bytes=100-199', 100, 200],
    ['bytes=2999990-', 2_999_990, 3_000_000],
    ['bytes=1000000-1999999', 1_000_000, 2_000_000],
  ])('a part is answered: %s', async (range, start, end) => {
    const part = await loadIn(page, url, {range});
    expect(part).toMatchObject({
      status: 206,
      size: end - start,
      sha256: sha256Of(bytes.subarray(start, end)),
    });
    expect(part.headers).toMatchObject({
      'content-range': `bytes ${start}-${end - 1}/3000000`,
      'content-length': String(end - start),
    });
    const again = await loadIn(page, url, {range});
    expect(again).toMatchObject({status: 206, sha256: part.sha256});
    // Of a file that is not stored, just the part is fetched, and stored.
    expect(requests().map(({bytesSent: sum}) => sum)).toEqual(state === 'stored' ? [] : [end - start]);
  });

  it('a part beyond its end is refused', async () => {
    expect(await loadIn(page, url, {range: 'bytes=3000000-'})).toMatchObject({status: 416});
  });

  it('its last bytes are answered', async () => {
    const part = await loadIn(page, url, {range: 'bytes=-500'});
    expect(part).toMatchObject({status: 206, sha256: sha256Of(bytes.subarray(-500))});
  });

  it('a part with If-Range is answered if that matches, else the complete file', async () => {
    expect(await loadIn(page, url, {range: 'bytes=0-9', 'if-range': '"ranges"'})).toMatchObject({
      status: 206,
    });
    expect(await loadIn(page, url, {range: 'bytes=0-9', 'if-range': '"another"'})).toMatchObject({
      status: 200,
      sha256: sha256Of(bytes),
    });
  });
});

it('several parts of a stored file are answered at once', async () => {
  const bytes = seededBytes('several', 2_000_000);
  const url = `${stage.app}/plain/several.bin`;
  stage.origins.app.set('/plain/several.bin', bytes, {etag: '"several"', 'content-type': 'x/y'});
  await loadIn(page, url);
  await expect.poll(() => storedIn(page)).toEqual({plain: [url]});
  const parts = await page.evaluate(async (what) => {
    const response = await fetch(what, {headers: {range: 'bytes=0-4,1000000-1000004'}});
    const text = new TextDecoder('latin1').decode(await response.arrayBuffer());
    return {status: response.status, type: response.headers.get('content-type'), text};
  }, url);
  expect(parts.status).toBe(206);
  const [, boundary] = /^multipart\/byteranges; boundary=(.+)$/.exec(parts.type ?? '') ?? [];
  const part = (start: number): string =>
    `--${boundary}\r\ncontent-type: x/y\r\ncontent-range: bytes ${start}-${start + 4}/2000000\r\n\r\n${bytes.toString('latin1', start, start + 5)}\r\n`;
  expect(parts.text.replace(/^\r\n/, '')).toBe(`${part(0)}${part(1_000_000)}--${boundary}--\r\n`);
});

describe('a host that does not identify its file', () => {
  it.each([
    ['a weak validator', {etag: 'W/"weak"'}],
    ['no validator', {}],
  ])('with %s sends it again from the beginning', async (_what, headers) => {
    const bytes = seededBytes('weak', 2_000_000);
    const url = `${stage.app}/plain/weak.bin`;
    stage.origins.app.set('/plain/weak.bin', bytes, headers as Record<string, string>);
    stage.origins.fault({match: '/plain/weak.bin', kind: 'cut', afterBytes: 1_500_000, times: 1});
    await startToLoad(page, url);
    expect(await loadIn(page, url)).toMatchObject({status: 200, sha256: sha256Of(bytes)});
    await expect.poll(() => storedIn(page)).toEqual({plain: [url]});
  });
});

describe('a media element', () => {
  const SECONDS = 120;
  const RATE = 8000;

  /** A tone, as PCM. https://www.rfc-editor.org/rfc/rfc2361 */
  const wav = (): Buffer => {
    const samples = Buffer.alloc(SECONDS * RATE * 2);
    for (let index = 0; index < SECONDS * RATE; index++) {
      samples.writeInt16LE(Math.round(8000 * Math.sin(index / 4)), index * 2);
    }
    const head = Buffer.alloc(44);
    head.write('RIFF', 0);
    head.writeUInt32LE(36 + samples.length, 4);
    head.write('WAVEfmt ', 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt32LE(RATE, 24);
    head.writeUInt32LE(RATE * 2, 28);
    head.writeUInt16LE(2, 32);
    head.writeUInt16LE(16, 34);
    head.write('data', 36);
    head.writeUInt32LE(samples.length, 40);
    return Buffer.concat([head, samples]);
  };

  /** Opens a sound and seeks to a position near its end. */
  const seek = (where: Page, url: string) =>
    where.evaluate(async (src) => {
      const audio = new Audio(src);
      const when = (type: string) =>
        new Promise((resolve, reject) => {
          audio.addEventListener(type, resolve, {once: true});
          audio.addEventListener('error', () => reject(new Error(audio.error?.message)), {once: true});
        });
      await when('loadedmetadata');
      const seeked = when('seeked');
      audio.currentTime = 110;
      await seeked;
      return {duration: audio.duration, at: audio.currentTime, hasData: audio.readyState >= 2};
    }, url);

  it('plays from any position, while the file loads and offline', async () => {
    const url = `${stage.app}/plain/tone.wav`;
    stage.origins.app.set('/plain/tone.wav', wav(), {
      etag: '"tone"',
      'accept-ranges': 'bytes',
      'content-type': 'audio/wav',
    });
    const seeked = {duration: SECONDS, at: 110, hasData: true};
    expect(await seek(page, url)).toEqual(seeked);
    await loadIn(page, url);
    await expect.poll(() => storedIn(page)).toEqual({plain: [url]});

    await stage.browser.setOffline(true);
    await stage.browser.clearHttpCache();
    expect(await seek(page, url)).toEqual(seeked);
  });
});
