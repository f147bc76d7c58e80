// Apps of one origin whose names begin alike, and caches of other libraries with names like ours.
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {CacheFirst} from 'workbox-strategies';
import {WorkerState} from '../worker/WorkerState.ts';
import {dropCaches} from './dropCaches.ts';
import {finishEvictions} from './evict.ts';
import {lineIn} from './lines.ts';
import {listLines} from './listLines.ts';
import {pinOf} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {readRecords} from './records.ts';
import type {Scope} from './releaseOf.ts';
import {readFile, writeFile} from './stage/releaseFiles.ts';
import {StagedAssets} from './stage/StagedAssets.ts';
import {announce} from './stage/stagedReleases.ts';
import {store} from './store.ts';
import {rollBack, switchVersion} from './switchVersion.ts';
import {clearRecords} from './testing/clearRecords.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

/** An app whose files are at `/<folder>/<locale>/<version>/…`. */
const appAt = (prefix: string, folder: string): Scope => ({
  prefix,
  pattern: new RegExp(`^https://a\\.test/${folder}/(?<locale>[^/]+)/(?:(?<version>v[^/]*)/)?[\\w.]+$`),
});
/** One without lines: its files are at `/<folder>/<version>/…`. */
const plainAppAt = (prefix: string, folder: string): Scope => ({
  prefix,
  pattern: new RegExp(`^https://a\\.test/${folder}/(?:(?<version>[^/]+)/)?[\\w.]+$`),
});
const MODELS = appAt('models', 'm');
const MODELS_X = appAt('models-x', 'x');

class App {
  readonly worker: WorkerState;
  readonly releases: Releases;
  private readonly plugins: VersionScopePlugin[];

  constructor(...scopes: Scope[]) {
    this.worker = new WorkerState(() => this.plugins);
    this.plugins = scopes.map((scope) => new VersionScopePlugin(scope, this.worker));
    this.releases = this.worker.part(Releases);
    this.releases.staged = new StagedAssets(this.releases);
  }

  /** Requests a file as a page does, from the route that has its URL. */
  async get(url: string, clientId = 'page'): Promise<string> {
    const held: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>) => held.push(promise.catch(() => undefined));
    const event = Object.assign(new ExtendableEvent('fetch'), {clientId, waitUntil});
    const plugin = this.plugins.find(({scope}) => scope.pattern.test(url)) as VersionScopePlugin;
    const strategy = new CacheFirst({plugins: [plugin]});
    const [response, done] = strategy.handleAll({event, request: new Request(url)});
    const body = await (await response).text();
    await done;
    await Promise.all(held);
    return body;
  }

  async switchTo(name: string, version: string, keep = 0, client = ''): Promise<string[]> {
    const line = await lineIn(this.releases, {line: {name}});
    return (
      await switchVersion(this.releases, line, version, {client, keep, evictNow: false, allowEmpty: true})
    ).evicted;
  }

  lineOf(name: string, locale: string): Promise<string> {
    return lineIn(this.releases, {line: {name, values: {locale}}});
  }

  async switchLine(name: string, locale: string, version: string): Promise<string[]> {
    const line = await this.lineOf(name, locale);
    return (
      await switchVersion(this.releases, line, version, {
        client: '',
        keep: 0,
        evictNow: false,
        allowEmpty: true,
      })
    ).evicted;
  }
}

let present: string[];

beforeEach(() => {
  present = [];
  vi.stubGlobal('fetch', async ({url}: Request) => new Response(`${url} of the network`));
  vi.stubGlobal('clients', {matchAll: async () => present.map((id) => ({id}))});
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await clearStorage();
  const root = await navigator.storage.getDirectory();
  await root.removeEntry('holdfast', {recursive: true}).catch(() => undefined);
});

const pathsIn = async (cacheName: string): Promise<string[]> =>
  (await caches.has(cacheName))
    ? (await (await caches.open(cacheName)).keys()).map(({url}) => new URL(url).pathname)
    : [];

/** Another library stores a file. */
const storeForeign = async (cacheName: string): Promise<void> =>
  (await caches.open(cacheName)).put('https://a.test/foreign', new Response('foreign'));

/** Both apps have a release that is current, and the second one has switched before. */
const fill = async (first: App, second: App): Promise<void> => {
  await second.switchLine('models-x', 'en', 'v1');
  await second.get('https://a.test/x/en/model');
  await second.switchLine('models-x', 'en', 'v2');
  await second.get('https://a.test/x/en/model', 'other');
  // Now that it has a file, the one before is deleted.
  await second.switchLine('models-x', 'en', 'v2');
  await first.switchLine('models', 'en', 'v1');
  await first.get('https://a.test/m/en/v1/model');
};

describe.each([
  ['in two workers', () => [new App(MODELS), new App(MODELS_X)] as const],
  [
    'in one worker',
    () => {
      const app = new App(MODELS, MODELS_X);
      return [app, app] as const;
    },
  ],
])('two apps whose names begin alike, %s', (_where, open) => {
  let first: App;
  let second: App;

  beforeEach(async () => {
    [first, second] = open();
    await fill(first, second);
  });

  it('keep their releases when the other one switches', async () => {
    await first.get('https://a.test/m/en/v2/model');
    expect(await first.switchLine('models', 'en', 'v2')).toEqual(['v1']);
    await first.get('https://a.test/m/en/v3/model');
    expect(await first.switchLine('models', 'en', 'v3')).toEqual(['v2']);
    expect(await caches.keys()).toEqual(['models-x-en-v2', 'models-en-v3']);
    expect(await second.get('https://a.test/x/en/model', 'new')).toBe(
      'https://a.test/x/en/model of the network',
    );
  });

  it('keep their releases when the other one names one as theirs begin', async () => {
    await first.switchLine('models', 'x-en', 'v2');
    await first.get('https://a.test/m/x-en/model', 'new');
    expect(await pathsIn('models-x-en-v2')).toEqual(['/x/en/model', '/m/x-en/model']);
    await first.get('https://a.test/m/x-en/v3/model');
    expect(await first.switchLine('models', 'x-en', 'v3')).toEqual(['v2']);
    expect(await pathsIn('models-x-en-v2')).toEqual(['/x/en/model']);
    expect(await readRecords('line', await second.lineOf('models-x', 'en'))).toMatchObject([{current: 'v2'}]);
    // Now the other one has the cache for itself.
    await second.get('https://a.test/x/en/v4/model');
    expect(await second.switchLine('models-x', 'en', 'v4')).toEqual(['v2']);
    expect(await caches.keys()).toEqual(['models-en-v1', 'models-x-en-v3', 'models-x-en-v4']);
  });

  it('answer their own files alone where a release of each has the same name', async () => {
    await first.switchLine('models', 'x-en', 'v2');
    await first.get('https://a.test/m/x-en/model', 'new');
    await second.get('https://a.test/x/en/labels', 'new');
    const lines = await listLines(second.releases);
    const own = lines.find(({line, current}) => line === 'models-x-en' && current === 'v2');
    expect(own?.releases.find(({version}) => version === 'v2')?.entries).toBe(2);
  });

  it('leave the evictions of the other one to it', async () => {
    const line = await second.lineOf('models-x', 'en');
    present = ['page', 'other'];
    await second.get('https://a.test/x/en/v1/model');
    await second.get('https://a.test/x/en/v3/model');
    await second.switchLine('models-x', 'en', 'v3');
    present = ['page'];
    await finishEvictions(new App(MODELS).releases);
    expect(await readRecords('line', line)).toMatchObject([{evicting: true}]);
    await finishEvictions(second.releases);
    expect(await pathsIn('models-x-en-v2')).toEqual([]);
  });
});

describe('two workers whose apps begin alike', () => {
  let first: App;
  let second: App;

  beforeEach(async () => {
    [first, second] = [new App(MODELS), new App(MODELS_X)];
    await fill(first, second);
  });

  it('are turned off one by one, with what they have staged', async () => {
    const line = await second.lineOf('models-x', 'en');
    await announce(second.releases, line, 'v3', [{key: 'https://a.test/x/en/v3/db', file: 'db'}]);
    await writeFile({line, version: 'v3'}, 'db', new Blob(['six']).stream());
    const {evictionsSeen} = await announce(second.releases, line, 'v4', [{key: 'https://a.test/x/en/v4/a'}]);
    await storeForeign('models-foreign');

    expect(await dropCaches(first.releases)).toEqual(['models-en-v1']);
    expect(await caches.keys()).toEqual(['models-x-en-v2', 'models-foreign']);
    expect(await (await readFile({line, version: 'v3'}, 'db'))?.text()).toBe('six');
    expect(await readRecords('release')).toMatchObject([{version: 'v3'}, {version: 'v4'}]);
    expect(await readRecords('line')).toMatchObject([{line, current: 'v2'}]);

    // A stage that is running goes on.
    const pin = pinOf(second.releases, 'https://a.test/x/en/v4/a', line, 'v4', evictionsSeen);
    const stored = store(second.releases, pin, {response: new Response('six'), failure: () => undefined});
    expect(await stored).toBeInstanceOf(Response);
  });

  it('list their own lines alone', async () => {
    expect((await listLines(first.releases)).map(({line}) => line)).toEqual(['models-en']);
    expect((await listLines(second.releases)).map(({line}) => line)).toEqual(['models-x-en']);
  });

  it('switch no line of the other one', async () => {
    await first.get('https://a.test/m/x-en/v9/model');
    await first.switchTo('models-x-en', 'v9');
    expect(await readRecords('line', await second.lineOf('models-x', 'en'))).toMatchObject([{current: 'v2'}]);
    expect(await pathsIn('models-x-en-v2')).toEqual(['/x/en/model']);
  });
});

describe('releases of two lines that have a cache of the same name', () => {
  const pattern = /^https:\/\/a\.test\/(?<model>[^/]+)\/(?<version>[^/]+)\/\w+$/;

  it('are evicted one by one', async () => {
    const app = new App({prefix: 'hub', pattern});
    await app.get('https://a.test/model/v2-main/a', '');
    await app.get('https://a.test/model-v2/main/b', '');
    expect(await pathsIn('hub-model-v2-main')).toEqual(['/model/v2-main/a', '/model-v2/main/b']);
    await app.get('https://a.test/model/v3/a', '');
    await app.switchTo('hub-model', 'v3');
    expect(await pathsIn('hub-model-v2-main')).toEqual(['/model-v2/main/b']);
    await app.get('https://a.test/model-v2/next/b', '');
    await app.switchTo('hub-model-v2', 'next');
    expect(await caches.keys()).toEqual(['hub-model-v3', 'hub-model-v2-next']);
  });

  it('are both deleted when everything is turned off', async () => {
    const app = new App({prefix: 'hub', pattern});
    await app.get('https://a.test/model/v2-main/a', '');
    await app.get('https://a.test/model-v2/main/b', '');
    await dropCaches(app.releases);
    expect(await caches.keys()).toEqual([]);
    expect(await readRecords('cache')).toEqual([]);
  });

  it('keep apart which version is current, where several values have dashes', async () => {
    const several = /^https:\/\/a\.test\/(?<org>[^/]+)\/(?<model>[^/]+)\/(?:(?<version>v\d)\/)?\w+$/;
    const app = new App({prefix: 'hub', pattern: several});
    const lineOf = (org: string, model: string) =>
      lineIn(app.releases, {line: {name: 'hub', values: {org, model}}});
    const options = {client: '', keep: 0, evictNow: false, allowEmpty: true};
    await switchVersion(app.releases, await lineOf('a-b', 'c'), 'v1', options);
    await switchVersion(app.releases, await lineOf('a', 'b-c'), 'v2', options);
    await app.get('https://a.test/a-b/c/one');
    await app.get('https://a.test/a/b-c/two');
    expect(await pathsIn('hub-a-b-c-v1')).toEqual(['/a-b/c/one']);
    expect(await pathsIn('hub-a-b-c-v2')).toEqual(['/a/b-c/two']);
    // The whole name is that of either.
    const whole = await lineIn(app.releases, {line: {name: 'hub-a-b-c'}});
    expect([await lineOf('a-b', 'c'), await lineOf('a', 'b-c')]).toContain(whole);
  });
});

describe('a cache that was there before', () => {
  const APP = plainAppAt('models', 'm');

  it('keeps what is in it after a switch to a version of that name and back', async () => {
    const app = new App(APP);
    await storeForeign('models-other-app-v1');
    await app.switchTo('models', 'v1');
    await app.switchTo('models', 'other-app-v1');
    await app.get('https://a.test/m/model', 'page');
    expect(await pathsIn('models-other-app-v1')).toEqual(['/foreign', '/m/model']);
    await app.get('https://a.test/m/v1/model', '');
    await app.switchTo('models', 'v1', 0, 'page');
    expect(await pathsIn('models-other-app-v1')).toEqual(['/foreign']);
  });

  it('keeps what is in it where nothing was stored in it', async () => {
    const app = new App(APP);
    await storeForeign('models-other-app-v1');
    await app.get('https://a.test/m/v1/model', '');
    vi.stubGlobal('fetch', async () => new Response('', {status: 404}));
    await app.switchTo('models', 'other-app-v1');
    await app.get('https://a.test/m/model', 'page');
    await app.get('https://a.test/m/other-app-v1/model', 'page');
    await app.switchTo('models', 'v1', 0, 'page');
    await dropCaches(app.releases);
    expect(await pathsIn('models-other-app-v1')).toEqual(['/foreign']);
  });

  it('keeps what is in it after a rollback, and after a stage of that name was evicted', async () => {
    const app = new App(APP);
    await storeForeign('models-foreign');
    await app.get('https://a.test/m/v1/model', '');
    await app.switchTo('models', 'v1');
    await announce(app.releases, 'models', 'foreign', [{key: 'https://a.test/m/foreign/a'}]);
    await app.get('https://a.test/m/v2/model', '');
    await app.switchTo('models', 'v2', 1);
    await rollBack(app.releases, 'models', '');
    await app.get('https://a.test/m/v3/model', '');
    await app.switchTo('models', 'v3');
    await dropCaches(app.releases);
    expect(await pathsIn('models-foreign')).toEqual(['/foreign']);
  });

  it('stays where it is empty and a put fails', async () => {
    const app = new App(APP);
    await caches.open('models-foreign');
    const body = new ReadableStream({start: (sender) => sender.error(new TypeError('network error'))});
    const pin = pinOf(app.releases, 'https://a.test/m/foreign/a', 'models', 'foreign');
    expect(await store(app.releases, pin, {response: new Response(body), failure: () => undefined})).toBe(
      'body-incomplete',
    );
    expect(await caches.has('models-foreign')).toBe(true);
  });

  it('is deleted with its release if the release has all that is in it, as after the records were lost', async () => {
    const app = new App(APP);
    await app.get('https://a.test/m/v1/a', '');
    await clearRecords();
    const restarted = new App(APP);
    await restarted.get('https://a.test/m/v1/b', '');
    expect(await pathsIn('models-v1')).toEqual(['/m/v1/a', '/m/v1/b']);
    await restarted.get('https://a.test/m/v2/a', '');
    expect(await restarted.switchTo('models', 'v2')).toEqual(['v1']);
    expect(await caches.keys()).toEqual(['models-v2']);
  });

  it('loses the pieces of the release’s own files, and of no other', async () => {
    const app = new App(APP);
    await storeForeign('models-foreign');
    await app.get('https://a.test/m/foreign/a', '');
    const pieces = ['https://a.test/m/foreign/b', 'https://a.test/foreign'];
    for (const key of pieces) {
      await caches.open(`holdfast-pieces models-foreign ${key}`);
    }
    await app.get('https://a.test/m/v2/a', '');
    await app.switchTo('models', 'v2');
    expect(await caches.keys()).toEqual([
      'models-foreign',
      `holdfast-pieces models-foreign ${pieces[1]}`,
      'models-v2',
    ]);
  });
});
