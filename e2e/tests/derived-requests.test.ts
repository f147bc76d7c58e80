/** The host sees the request as the page made it, whatever answers it. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['assets']);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const HEADERS = ['referer', 'range', 'accept', 'cache-control'];

/** What the host has seen of the last request for a path. */
const seen = (path: string) => {
  const {requestHeaders = {}} = stage.origins.log.requests({path}).at(-1) ?? {};
  return Object.fromEntries(HEADERS.map((name) => [name, requestHeaders[name]]));
};

const FOLDERS = ['guarded/v1', 'guard-only', 'scoped/v1', 'plain', 'small'];

/** What a page may say of a request. */
const INITS = {
  nothing: {},
  'no referrer': {referrerPolicy: 'no-referrer'},
  'the origin as the referrer': {referrerPolicy: 'origin'},
  'a referrer of its own': {referrer: '/elsewhere'},
  'no referrer at all': {referrer: ''},
  'no HTTP cache': {cache: 'no-store'},
  'another look': {cache: 'no-cache'},
  'no credentials': {credentials: 'omit'},
  'a range': {headers: {range: 'bytes=0-3'}},
  'what it accepts': {headers: {accept: 'application/octet-stream'}},
  'no CORS': {mode: 'no-cors'},
} as const;

it.each(FOLDERS)('the host sees of a request what it sees without a worker: /%s', async (folder) => {
  for (const [name, init] of Object.entries(INITS)) {
    const file = `${name.replaceAll(' ', '-')}.bin`;
    const [none, through] = [`/none/${file}`, `/${folder}/${file}`];
    for (const path of [none, through]) {
      stage.origins.app.set(path, 'the asset', {etag: '"1"'});
      await page.evaluate(([url, options]) => load(url, options as object), [path, init] as const);
    }
    expect({name, ...seen(through)}).toEqual({name, ...seen(none)});
  }
});

it.each(['noCors', 'cors'] as const)(
  'a media element of another origin asks for a range: %s',
  async (origin) => {
    const url = `${stage.origins.origin[origin]}/data.bin`;
    await page.evaluate(
      (src) => new Promise((resolve) => new Audio(src).addEventListener('error', resolve, {once: true})),
      url,
    );
    const [request] = stage.origins.log.requests({to: origin});
    expect(request).toMatchObject({range: 'bytes=0-', status: 206});
  },
);

it('a host that resumes a file sees the referrer policy of the page', async () => {
  const url = '/plain/resumed.bin';
  stage.origins.app.set(url, Buffer.alloc(800_000, 'a'), {etag: '"1"'});
  stage.origins.fault({match: url, kind: 'cut', afterBytes: 300_000, times: 1});
  await page.evaluate((one) => load(one, {referrerPolicy: 'no-referrer'}), url);
  const requests = stage.origins.log.requests({path: url});
  expect(requests.map(({range}) => range)).toEqual([undefined, expect.stringMatching(/^bytes=\d+-799999$/)]);
  expect(requests.map(({requestHeaders}) => requestHeaders.referer)).toEqual([undefined, undefined]);
});

describe('a media element', () => {
  const RATE = 8000;
  const SECONDS = 120;

  /** Silence, as PCM. https://www.rfc-editor.org/rfc/rfc2361 */
  const wav = (): Buffer => {
    const head = Buffer.alloc(44 + SECONDS * RATE * 2);
    head.write('RIFF', 0);
    head.writeUInt32LE(head.length - 8, 4);
    head.write('WAVEfmt ', 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt32LE(RATE, 24);
    head.writeUInt32LE(RATE * 2, 28);
    head.writeUInt16LE(2, 32);
    head.writeUInt16LE(16, 34);
    head.write('data', 36);
    head.writeUInt32LE(head.length - 44, 40);
    return head;
  };

  /** Opens a sound, and seeks to a position near its end. */
  const seek = (url: string, crossOrigin?: string) =>
    page.evaluate(
      async ([src, cors]) => {
        const audio = new Audio();
        audio.crossOrigin = cors ?? null;
        audio.src = src;
        const when = (type: string) =>
          new Promise((resolve, reject) => {
            audio.addEventListener(type, resolve, {once: true});
            audio.addEventListener('error', () => reject(new Error(audio.error?.message)), {once: true});
          });
        await when('loadedmetadata');
        const seeked = when('seeked');
        audio.currentTime = 110;
        await seeked;
        return audio.currentTime;
      },
      [url, crossOrigin] as const,
    );

  const firstBytes = (path: string) =>
    stage.origins.log
      .requests({path})
      .map(({range, status}) => [status, Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? Number.NaN)]);

  it.each(['none', ...FOLDERS])('seeks by a range on its own origin: /%s', async (folder) => {
    const path = `/${folder}/tone.wav`;
    stage.origins.app.set(path, wav(), {
      etag: '"tone"',
      'accept-ranges': 'bytes',
      'content-type': 'audio/wav',
    });
    stage.origins.fault({match: path, kind: 'slow', bytesPerSecond: 200_000});
    expect(await seek(stage.app + path)).toBe(110);
    const asked = firstBytes(path);
    expect(asked[0]).toEqual([206, 0]);
    // It does not wait for what is before.
    expect(asked.some(([status, start = 0]) => status === 206 && start > 1_000_000)).toBe(true);
  });
});
