/** What one account has fetched answers no other one, is deleted when it signs out, and leaves no token on the disk. */
import {createHash} from 'node:crypto';
import {createServer, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {everythingStored} from '../harness/everythingStored.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const WORKER = `
  import {accounts, downloads, registerAssets, staging} from '@holdfast/service-worker';
  import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
  import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
  import {StableKeyPlugin} from '@holdfast/service-worker/keys';
  import {VersionScopePlugin} from '@holdfast/service-worker/releases';
  import {registerRoute} from 'workbox-routing';
  import {CacheFirst} from 'workbox-strategies';

  const scope = new VersionScopePlugin({prefix: 'scoped', pattern: /\\/scoped\\/(?<version>v\\d+)\\/[\\w.-]+$/});
  registerRoute(({url}) => url.pathname.startsWith('/scoped/'), new CacheFirst({plugins: [new StableKeyPlugin(), new QuotaGuardPlugin(), scope]}));
  registerRoute(({url}) => url.pathname.startsWith('/guarded/'), new CacheFirst({cacheName: 'guarded', plugins: [new QuotaGuardPlugin()]}));
  registerRoute(
    ({url}) => url.pathname.startsWith('/resumable/'),
    new ResumableCacheFirst({cacheName: 'resumable', minBytes: 50_000, pieceBytes: 16_384}),
  );
  registerAssets([], {features: [accounts(), downloads(), staging()]});
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
`;

const ROUTES = ['scoped', 'guarded', 'resumable'] as const;
const SIZE = 100_000;
const TOKENS = {A: 'Bearer hf_5ec1e7OfA', B: 'Bearer hf_5ec1e7OfB'} as const;
const NAMES = ['anna.of.the.page', 'bob.of.the.page'] as const;

type Asker = 'A' | 'B' | 'none';

let stage: Stage;
let page: Page;
let server: Server;
let origin: string;
/** Whose cookies the browser is taken to have. */
let cookiesOf: string;
/** Requests for files, by path. */
let asked: string[];
/** Answers that wait for their second half. */
let held: ServerResponse[];
let isHolding: boolean;
let files = 0;

/** Returns a file with the name of its owner at its beginning. */
const fileOf = (owner: string): Buffer => Buffer.alloc(SIZE, `${owner} `);

const ownerOf = (authorization: string | undefined, path: string): string =>
  Object.entries(TOKENS).find(([, token]) => token === authorization)?.[0] ??
  (path.includes('private') ? cookiesOf : 'none');

beforeAll(async () => {
  stage = await openSharedStage([]);
  server = createServer(({headers, method, url = ''}, response) => {
    const cors = {
      'access-control-allow-origin': stage.app,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization, range',
      'access-control-expose-headers': 'etag, content-range',
    };
    if (method === 'OPTIONS') {
      response.writeHead(204, cors).end();
      return;
    }
    asked.push(url);
    const owner = ownerOf(headers.authorization, url);
    if (url.includes('gated') && owner === 'none') {
      response.writeHead(401, cors).end('no');
      return;
    }
    if (url.endsWith('.json')) {
      const assets = ['one.bin', 'two.bin'].map((name) => ({
        path: `scoped/v1/gated-${name}`,
        size: SIZE,
        sha256: createHash('sha256').update(fileOf(owner)).digest('hex'),
      }));
      response
        .writeHead(200, {...cors, 'content-type': 'application/json'})
        .end(JSON.stringify({holdfast: 1, assets}));
      return;
    }
    const body = fileOf(owner);
    const start = Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, {
      ...cors,
      'content-type': 'application/octet-stream',
      'content-length': SIZE - start,
      etag: `"${owner.length}${owner === 'B' ? 'b' : ''}"`,
      ...(start > 0 ? {'content-range': `bytes ${start}-${SIZE - 1}/${SIZE}`} : {}),
      ...(url.includes('private') ? {'cache-control': 'private'} : {}),
      ...(url.includes('no-store') ? {'cache-control': 'no-store'} : {}),
    });
    if (isHolding) {
      response.write(body.subarray(start, start + 40_000));
      held.push(Object.assign(response, {rest: body.subarray(start + 40_000)}));
    } else {
      response.end(body.subarray(start));
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stage.origins.app.set('/accounts.js', await bundle({code: WORKER}));
});

afterAll(async () => {
  await stage.close();
  server.closeAllConnections();
  server.close();
});

const prepare = async (): Promise<void> => {
  cookiesOf = 'none';
  asked = [];
  held = [];
  isHolding = false;
  await stage.reset();
  page = await stage.openControlledPage('accounts');
};

const letGo = (): void => {
  isHolding = false;
  for (const response of held.splice(0)) {
    response.end((response as ServerResponse & {rest: Buffer}).rest);
  }
};

const newFile = (route: string, kind = 'file'): string => {
  files += 1;
  return `${origin}/${route}/v1/${kind}-${files}.bin`;
};

/** Requests a file, and returns whose it is. */
const ask = (url: string, as: Asker = 'none', where = page): Promise<string> =>
  where.evaluate(
    async ([one, authorization, credentials]) => {
      const response = await fetch(one, {
        credentials: credentials as RequestCredentials,
        cache: 'no-cache',
        ...(authorization ? {headers: {authorization}} : {}),
      });
      const text = await response.text();
      // The last word may be cut.
      const words = text.split(' ');
      return new Set(words.slice(0, -1)).size > 1 ? `mixed ${text}` : (words[0] ?? '');
    },
    [url, as === 'none' ? '' : TOKENS[as], url.includes('private') ? 'include' : 'omit'] as const,
  );

/** Returns the stored keys of a file, whatever account they belong to. */
const keysOf = async (url: string): Promise<string[]> =>
  Object.entries(await page.evaluate(() => stored()))
    .flatMap(([name, keys]) => (name.startsWith('holdfast-pieces ') ? [] : keys))
    .filter((key) => key.startsWith(url));

const isStored = (url: string): Promise<void> => expect.poll(() => keysOf(url)).toHaveLength(1);

const signIn = (name: string, where = page) => where.evaluate((one) => holdfast.signIn(one), name);
const signOut = (where = page) => where.evaluate(() => holdfast.signOut());

const ofAccounts = async (): Promise<string[]> =>
  (await page.evaluate(async () => [...(await caches.keys()), JSON.stringify(await stored())])).filter(
    (text) => text.includes('holdfast-account='),
  );

/** Expects that neither tokens nor names are stored anywhere. */
const expectNoSecret = async (): Promise<void> => {
  const places = {
    ...(await page.evaluate(everythingStored)),
    names: JSON.stringify(await page.evaluate(() => caches.keys())),
    events: JSON.stringify(await page.evaluate(() => events)),
  };
  for (const [place, text] of Object.entries(places)) {
    const found = ['hf_5ec1e7', ...NAMES].filter((secret) => text.includes(secret));
    expect({place, found}).toEqual({place, found: []});
  }
  expect(places.events).not.toContain('holdfast-account=');
};

describe.each(ROUTES)('a %s route', (route) => {
  beforeAll(prepare);

  it.each([
    ['A', 'A', 'A', true],
    ['A', 'B', 'B', false],
    ['A', 'none', 'none', false],
    ['B', 'A', 'A', false],
    ['B', 'B', 'B', true],
    ['B', 'none', 'none', false],
    // What everybody may have answers an account, too.
    ['none', 'A', 'none', true],
    ['none', 'B', 'none', true],
    ['none', 'none', 'none', true],
  ] as const)(
    'that has stored a file for %s answers %s with that of %s',
    async (before, asker, owner, isHit) => {
      const url = newFile(route);
      expect(await ask(url, before)).toBe(before);
      await isStored(url);
      asked = [];
      expect(await ask(url, asker)).toBe(owner);
      expect(asked).toHaveLength(isHit ? 0 : 1);
      await expectNoSecret();
    },
  );

  it.each([
    [NAMES[0], NAMES[0], true],
    [NAMES[0], NAMES[1], false],
    [NAMES[0], undefined, false],
  ])('that has stored a private file for %s answers %s with its own', async (before, asker, isHit) => {
    const url = newFile(route, 'private');
    cookiesOf = before;
    await signIn(before);
    expect(await ask(url)).toBe(before);
    await isStored(url);
    expect((await keysOf(url))[0]).toContain('holdfast-account');
    if (asker === undefined) {
      await page.reload();
    } else {
      await signIn(asker);
    }
    cookiesOf = asker ?? 'none';
    asked = [];
    expect(await ask(url)).toBe(cookiesOf);
    expect(asked).toHaveLength(isHit ? 0 : 1);
    await expectNoSecret();
  });

  it('stores what is not private for everybody, also for a page that has signed in', async () => {
    const url = newFile(route);
    await signIn(NAMES[0]);
    await ask(url);
    await expect.poll(() => keysOf(url)).toEqual([url]);
    await page.reload();
    asked = [];
    expect(await ask(url)).toBe('none');
    expect(asked).toEqual([]);
  });

  it('stores nothing that is private, or must not be stored', async () => {
    await page.reload();
    const urls = [newFile(route, 'private'), newFile(route, 'no-store')];
    for (const url of urls) {
      await ask(url);
      await expect
        .poll(() => page.evaluate(() => events.map(({payload}) => String((payload as {key?: unknown}).key))))
        .toContain(url);
      expect(await keysOf(url)).toEqual([]);
    }
  });

  it('answers no URL that names the partition of another account', async () => {
    const url = newFile(route);
    await ask(url, 'A');
    await isStored(url);
    const [key = ''] = await keysOf(url);
    asked = [];
    expect(await ask(key, 'B')).toBe('B');
    expect(await ask(key)).toBe('none');
    expect(asked).toHaveLength(2);
  });

  it('deletes what an account has stored when it signs out, in all tabs', async () => {
    const [url, open] = [newFile(route), newFile(route)];
    const other = await stage.openPage();
    await ask(url, 'A');
    await ask(open);
    await isStored(url);
    await isStored(open);
    expect((await signOut(other)).entries).toBeGreaterThanOrEqual(0);
    await ask(url, 'A');
    await isStored(url);
    const {entries} = await signOut();
    expect(entries).toBeGreaterThan(0);
    expect(await keysOf(url)).toEqual([]);
    expect(await keysOf(open)).toEqual([open]);
    asked = [];
    expect(await ask(url, 'A', other)).toBe('A');
    expect(asked).toHaveLength(1);
    await signOut(other);
    await other.close();
    await expectNoSecret();
  });

  it('stores nothing that was in progress during the sign-out', async () => {
    const url = newFile(route);
    isHolding = true;
    const answer = ask(url, 'A');
    await expect.poll(() => held.length).toBeGreaterThan(0);
    // The browser deletes nothing of a cache while it puts something into it.
    const signedOut = signOut();
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
    letGo();
    await signedOut;
    expect(await answer).toBe('A');
    await expect.poll(ofAccounts).toEqual([]);
    await new Promise((resolve) => {
      setTimeout(resolve, 500);
    });
    expect(await ofAccounts()).toEqual([]);
    // And what is requested afterwards is stored again.
    await ask(url, 'A');
    await isStored(url);
  });

  it('is signed out of by a worker that was killed since', async () => {
    const url = newFile(route);
    await ask(url, 'A');
    await isStored(url);
    await stage.browser.killWorkers();
    await signOut();
    expect(await keysOf(url)).toEqual([]);
  });
});

describe('a private release', () => {
  beforeEach(prepare);

  const stageRelease = (as: 'A' | 'B' | undefined, where = page) =>
    where.evaluate(
      ([manifest, authorization]) =>
        holdfast
          .line('scoped')
          .stage('v1', {manifest, ...(authorization ? {headers: {authorization}} : {})})
          .then(
            ({assets, bytes}) => ({assets, bytes}),
            ({code, message}) => ({code, message: String(message)}),
          ),
      [`${origin}/gated-manifest.json`, as && TOKENS[as]] as const,
    );

  it('is staged with a token, and answers its account alone', async () => {
    expect(await stageRelease(undefined)).toMatchObject({code: 'refused'});
    expect(await stageRelease('A')).toEqual({assets: 2, bytes: {present: 0, reused: 0, fetched: 2 * SIZE}});
    await page.evaluate(() => holdfast.line('scoped').switchTo('v1'));
    const url = `${origin}/scoped/v1/gated-one.bin`;
    asked = [];
    expect(await ask(url, 'A')).toBe('A');
    expect(asked).toEqual([]);
    expect(await ask(url, 'B')).toBe('B');
    expect(await ask(url)).toBe('no');
    expect(asked).toHaveLength(2);
    // Each account stages its own.
    expect(await stageRelease('B')).toMatchObject({assets: 2});
    expect(await stageRelease('A')).toMatchObject({assets: 2, bytes: {present: 2 * SIZE}});
    await expectNoSecret();
    await signOut();
    expect(await ofAccounts()).toEqual([]);
    expect(await stageRelease('B')).toEqual({assets: 2, bytes: {present: 0, reused: 0, fetched: 2 * SIZE}});
  });

  it('asks for the token again when the worker was killed', async () => {
    isHolding = true;
    const staged = stageRelease('A');
    await expect.poll(() => held.length).toBeGreaterThan(0);
    await stage.browser.killWorkers();
    letGo();
    expect(await staged).toMatchObject({assets: 2});
    expect((await page.evaluate(() => stored()))['scoped-v1']).toHaveLength(2);
    await expectNoSecret();
  });

  it('downloads a private file with a token', async () => {
    const url = `${origin}/resumable/v1/gated-large.bin`;
    const {key} = await page.evaluate(
      ([one, authorization]) => holdfast.download(one, {headers: {authorization}}).done,
      [url, TOKENS.A] as const,
    );
    expect(key).toBe(url);
    asked = [];
    expect(await ask(url, 'A')).toBe('A');
    expect(asked).toEqual([]);
    expect(await ask(url, 'B')).toBe('B');
    await expectNoSecret();
  });
});
