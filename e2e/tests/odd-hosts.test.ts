/** Large files of hosts whose headers say other things than their bodies, and that answer no ranges. */
import {createHash} from 'node:crypto';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {gzipSync} from 'node:zlib';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {seededBytes} from '../origins/content/seededBytes.ts';

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

const CORS = {'access-control-allow-origin': '*'};
const EXPOSED = {...CORS, 'access-control-expose-headers': 'etag, content-range'};

/** Half of it can be compressed. */
const FILE = Buffer.concat([seededBytes('odd', 750_000), Buffer.alloc(750_000, 'abc')]);
const SMALL = seededBytes('odd', 700_000);

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let stage: Stage;
let page: Page;
let server: Server;
let origin: string;
let answering: Answering;
/** The requested ranges. */
let asked: (string | undefined)[];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    answering(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stage = await openSharedStage([]);
  stage.origins.app.set(
    '/odd-hosts.js',
    await bundle({
      code: `
        import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
        import {registerRoute} from 'workbox-routing';

        registerRoute(
          ({url}) => url.pathname.endsWith('.bin'),
          new ResumableCacheFirst({cacheName: 'odd', minBytes: 500_000, pieceBytes: 65_536}),
        );
        self.addEventListener('install', () => self.skipWaiting());
        self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
      `,
    }),
  );
});

beforeEach(async () => {
  asked = [];
  await stage.reset();
  page = await stage.openControlledPage('odd-hosts');
});

afterAll(async () => {
  await stage.close();
  server.closeAllConnections();
  server.close();
});

const fetchFile = (path: string, headers: Record<string, string> = {}) =>
  page.evaluate(
    async ([url, sent]) => {
      const {status, size, sha256} = await load(url, {headers: sent});
      return {status, size, sha256};
    },
    [origin + path, headers] as const,
  );

/** Returns the sizes and digests of the entries. */
const stored = () =>
  page.evaluate(async () => {
    const bodies = [];
    for (const name of await caches.keys()) {
      for (const key of name === 'odd' ? await (await caches.open(name)).keys() : []) {
        const bytes = await (await caches.match(key))?.arrayBuffer();
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes ?? new ArrayBuffer(0)));
        bodies.push(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''));
      }
    }
    return bodies;
  });

/** Reads the beginning of a file, and leaves when two pieces are stored. */
const leaveEarly = (path: string) =>
  page.evaluate(async (url) => {
    const reader = (await fetch(url)).body?.getReader();
    const countPieces = async (): Promise<number> => {
      const name = (await caches.keys()).find((one) => one.startsWith('holdfast-pieces '));
      return name === undefined ? 0 : (await (await caches.open(name)).keys()).length - 1;
    };
    while ((await countPieces()) < 2) {
      await reader?.read();
    }
    await reader?.cancel();
    return countPieces();
  }, origin + path);

const whole = (bytes: Buffer) => ({status: 200, size: bytes.length, sha256: sha256Of(bytes)});

it.each([
  ['fewer bytes than it sends', FILE],
  ['more bytes than it sends', SMALL],
])('a page gets all of a body whose hidden encoding announces %s', async (_what, bytes) => {
  const packed = gzipSync(bytes);
  answering = ({headers}, response) => {
    const [, first] = /^bytes=(\d+)-/.exec(headers.range ?? '') ?? [];
    if (first === undefined) {
      const sent = {...CORS, 'content-encoding': 'gzip', 'content-length': packed.length};
      response.writeHead(200, sent).end(packed);
    } else {
      response.writeHead(416, CORS).end();
    }
  };
  expect(await fetchFile('/lying.bin')).toEqual(whole(bytes));
  expect(await fetchFile('/lying.bin')).toEqual(whole(bytes));
  for (const digest of await stored()) {
    expect(digest).toBe(sha256Of(bytes));
  }
});

it('a body that is longer than announced is stored completely', async () => {
  const packed = gzipSync(FILE);
  answering = (_request, response) =>
    response
      .writeHead(200, {...CORS, 'content-encoding': 'gzip', 'content-length': packed.length})
      .end(packed);
  expect(await fetchFile('/longer.bin')).toEqual(whole(FILE));
  await expect.poll(stored).toEqual([sha256Of(FILE)]);
  expect(await fetchFile('/longer.bin')).toEqual(whole(FILE));
  expect(asked).toEqual([undefined]);
});

/** Sends the beginning, and then nothing until the connection is closed. */
const stall = (response: ServerResponse): void => {
  response.writeHead(200, {...EXPOSED, etag: '"odd"', 'content-length': SMALL.length});
  response.write(SMALL.subarray(0, 300_000));
};

it.each<[string, (start: number, response: ServerResponse) => void]>([
  [
    'is longer than its Content-Range',
    (start, response) =>
      response
        .writeHead(206, {
          ...EXPOSED,
          etag: '"odd"',
          'content-range': `bytes ${start}-${start + 65_535}/700000`,
        })
        .end(SMALL.subarray(start)),
  ],
  [
    'has another offset than requested',
    (_start, response) =>
      response
        .writeHead(206, {...EXPOSED, etag: '"odd"', 'content-range': 'bytes 0-699999/700000'})
        .end(SMALL),
  ],
  ['has no CORS', (start, response) => response.writeHead(206).end(SMALL.subarray(start))],
  ['is an error', (_start, response) => response.writeHead(400, EXPOSED).end()],
])('a file resumes or begins anew where a partial answer %s', async (_what, answerPart) => {
  let isStalling = true;
  answering = ({headers}, response) => {
    const [, first] = /^bytes=(\d+)-/.exec(headers.range ?? '') ?? [];
    if (first !== undefined) {
      answerPart(Number(first), response);
    } else if (isStalling) {
      stall(response);
    } else {
      response.writeHead(200, {...EXPOSED, etag: '"odd"', 'content-length': SMALL.length}).end(SMALL);
    }
  };
  expect(await leaveEarly('/parts.bin')).toBeGreaterThan(1);
  isStalling = false;
  expect(await fetchFile('/parts.bin')).toEqual(whole(SMALL));
  await expect.poll(stored).toEqual([sha256Of(SMALL)]);
});

it('a page gets the answer of the host after an interruption, and each request shows its own token', async () => {
  const shown: (string | undefined)[] = [];
  let isStalling = true;
  answering = ({headers, method}, response) => {
    const allowed = {...EXPOSED, 'access-control-allow-headers': 'authorization, range'};
    if (method === 'OPTIONS') {
      response.writeHead(204, allowed).end();
      return;
    }
    shown.push(headers.authorization);
    if (headers.authorization !== 'Bearer new') {
      response.writeHead(headers.authorization === undefined ? 401 : 403, allowed).end('no');
    } else if (isStalling) {
      stall(response);
    } else {
      const start = Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
      const range = {'content-range': `bytes ${start}-699999/700000`, 'content-length': 700_000 - start};
      response.writeHead(start ? 206 : 200, {...allowed, ...range, etag: '"odd"'}).end(SMALL.subarray(start));
    }
  };
  await page.evaluate(async (url) => {
    const response = await fetch(url, {headers: {authorization: 'Bearer new'}});
    const reader = response.body?.getReader();
    for (let bytes = 0; bytes < 200_000; ) {
      bytes += (await reader?.read())?.value?.byteLength ?? Number.POSITIVE_INFINITY;
    }
    await reader?.cancel();
  }, `${origin}/token.bin`);
  isStalling = false;
  const status = async (headers?: Record<string, string>) => (await fetchFile('/token.bin', headers)).status;
  expect(await status({authorization: 'Bearer expired'})).toBe(403);
  expect(await status()).toBe(401);
  expect(shown.at(-1)).toBeUndefined();
  expect(await fetchFile('/token.bin', {authorization: 'Bearer new'})).toEqual(whole(SMALL));
  expect(shown.at(-1)).toBe('Bearer new');
});
