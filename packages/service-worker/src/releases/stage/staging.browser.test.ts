import type {Manifest} from '@holdfast/manifest';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import type {AnswerMessage, StageProgress, WorkerEvent} from '../../messages/protocol.ts';
import {WorkerState} from '../../worker/WorkerState.ts';
import {Releases} from '../Releases.ts';
import {changeRecords} from '../records.ts';
import {removeFiles} from './releaseFiles.ts';
import {staging} from './staging.ts';

const LINE = 'models-en';
const urlOf = (name: string): string => `https://a.test/en/v1/${name}`;
const MANIFEST_URL = 'https://a.test/en/v1/manifest.json?signature=secret';

/** As the plugins of a route look from outside. */
const PLUGINS = [
  {holdfast: 'stableKey', keyOf: (url: string) => url.replace(/\?.*/, '')},
  {
    holdfast: 'versionScope',
    scope: {prefix: 'models', pattern: /\/(?<locale>en|de)\/(?:(?<version>v\d+)\/)?[\w.]+$/},
  },
] as unknown as WorkboxPlugin[];

let worker: WorkerState;
let listeners: ((event: unknown) => void)[];
/** What the network has, by URL. It answers 404 to all others. */
let network: Record<string, string>;
let requests: string[];
/** Answers wait for it, if there is one. */
let hold: Promise<void> | undefined;
let release: () => void;
let events: WorkerEvent[];
let channel: BroadcastChannel;

beforeEach(() => {
  listeners = [];
  vi.spyOn(self, 'addEventListener').mockImplementation((type: string, listener: unknown) => {
    if (type === 'message') {
      listeners.push(listener as (event: unknown) => void);
    }
  });
  network = {[urlOf('model')]: 'the model', [urlOf('labels')]: 'the labels'};
  requests = [];
  hold = undefined;
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const {url, signal} = input instanceof Request ? input : {url: input, signal: init?.signal};
    requests.push(url);
    await Promise.race([
      hold,
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    ]);
    const body = network[url];
    return new Response(body ?? 'not found', {status: body === undefined ? 404 : 200});
  });
  events = [];
  channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data}) => events.push(data);
  worker = new WorkerState(() => PLUGINS);
  staging().setUp(worker);
});

afterEach(async () => {
  channel.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await changeRecords((change) => change.deleteLine(LINE));
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
  await removeFiles(LINE, []);
});

const holdNetwork = (): void => {
  hold = new Promise((resolve) => {
    release = resolve;
  });
};

/** Sends a message as a page would. */
const send = (type: string, payload: object): Promise<AnswerMessage> =>
  new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => {
      port1.close();
      resolve(data);
    };
    const event = new MessageEvent('message', {data: {type, payload}, ports: [port2]});
    Object.assign(event, {waitUntil: (promise: Promise<unknown>) => promise.catch(() => undefined)});
    for (const listener of listeners) {
      listener(event);
    }
  });

/** The answer to a message, which is no error. */
const ask = async (type: string, payload: object = {}): Promise<unknown> => {
  const answer = await send(type, payload);
  expect(answer).toMatchObject({type: 'HOLDFAST_ANSWER'});
  return answer.payload;
};

/** The text of the error that a message is answered with. */
const errorOf = async (type: string, payload: object): Promise<string> => {
  const answer = await send(type, payload);
  expect(answer.type).toBe('HOLDFAST_ERROR');
  return (answer.payload as {message: string}).message;
};

const MANIFEST: Manifest = {
  assets: [
    {url: `${urlOf('model')}?signature=secret`, size: 9},
    {url: urlOf('labels'), size: 10},
  ],
};
const stageOf = (more: object = {}) => ({
  line: {name: 'models', values: {locale: 'en'}},
  version: 'v1',
  asker: 'page',
  manifest: MANIFEST,
  ...more,
});

/** Stages a release, and waits for the end. */
const stage = async (more: object = {}): Promise<unknown> => {
  const payload = stageOf(more);
  let answer = await ask('HOLDFAST_STAGE', payload);
  for (;;) {
    const {state, job} = answer as {state: string; job?: string};
    if (state !== 'running') {
      return answer;
    }
    answer = await ask('HOLDFAST_JOB', {job, asker: payload.asker});
  }
};

const REPORT = {
  line: LINE,
  version: 'v1',
  assets: 2,
  totalBytes: 19,
  bytes: {present: 0, reused: 0, fetched: 19},
  damaged: [],
  files: {},
};

const stages = async (): Promise<StageProgress[]> =>
  ((await ask('HOLDFAST_LIST_STAGES')) as {stages: StageProgress[]}).stages;

beforeEach(() => {
  network[`${urlOf('model')}?signature=secret`] = 'the model';
});

describe('a stage', () => {
  it('stores the assets of a manifest under the keys of their route, and is reported', async () => {
    expect(await stage()).toEqual({state: 'done', report: REPORT});
    const cache = await caches.open(`${LINE}-v1`);
    expect((await cache.keys()).map(({url}) => url).sort()).toEqual([urlOf('labels'), urlOf('model')]);
    await expect
      .poll(() => events.filter(({type}) => type === 'STAGE_PROGRESS').at(-1))
      .toMatchObject({payload: {state: 'done', verified: 2}});
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('reports where its files are', async () => {
    const files = {[urlOf('labels')]: 'data/labels.txt'};
    expect(await stage({files})).toMatchObject({
      report: {files: {[urlOf('labels')]: 'holdfast/models-en/v1/data/labels.txt'}},
    });
  });

  it('takes the manifest of the last time if there is none', async () => {
    expect(await errorOf('HOLDFAST_STAGE', stageOf({manifest: undefined}))).toBe(
      `HOLDFAST_STAGE: no manifest of 'v1' of 'models-en' is known. Stage it with one.`,
    );
    await stage();
    expect(await stage({manifest: undefined})).toMatchObject({
      state: 'done',
      report: {bytes: {present: 19}},
    });
  });

  it('names the assets that it did not get', async () => {
    delete network[urlOf('labels')];
    expect(await stage()).toEqual({
      state: 'failed',
      failures: [{key: urlOf('labels'), reason: 'status', status: 404}],
    });
    expect(await stages()).toMatchObject([{state: 'failed', verified: 1}]);
  });

  it.each([
    [{line: {name: 'others'}}, 'no route has the line'],
    [{version: ''}, 'payload.version must be'],
    [{asker: 7}, 'payload.asker must be'],
    [{manifest: null}, 'must have an array of assets'],
    [{manifest: {assets: [{url: 'https://a.test/de/v1/model', size: 7}]}}, "must belong to 'models-en-v1'"],
  ])('is refused for %j', async (wrong, message) => {
    expect(await errorOf('HOLDFAST_STAGE', stageOf(wrong))).toContain(message);
    expect(requests).toEqual([]);
  });

  it('is refused when everything was turned off', async () => {
    worker.part(Releases).isTurnedOff = true;
    expect(await errorOf('HOLDFAST_STAGE', stageOf())).toContain('turned off');
  });

  it('is the same if the feature is set up twice', async () => {
    const {staged} = worker.part(Releases);
    holdNetwork();
    const staging1 = stage();
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    staging().setUp(worker);
    const staging2 = stage({asker: 'other'});
    release();
    expect([await staging1, await staging2]).toEqual([
      {state: 'done', report: REPORT},
      {state: 'done', report: REPORT},
    ]);
    expect(worker.part(Releases).staged).toBe(staged);
    expect(listeners).toHaveLength(1);
    expect(requests).toHaveLength(2);
  });
});

describe('a stage that takes long', () => {
  /** Begins a stage whose network is held. */
  const begin = async () => {
    holdNetwork();
    const answer = ask('HOLDFAST_STAGE', stageOf());
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    return (await answer) as {job: string; progress: StageProgress};
  };

  it('is polled by its id, and lists how far it is', async () => {
    const {job, progress} = await begin();
    expect(progress).toMatchObject({line: LINE, version: 'v1', state: 'running', assets: 2, verified: 0});
    expect(await stages()).toEqual([progress]);
    const end = ask('HOLDFAST_JOB', {job, asker: 'page'});
    release();
    expect(await end).toEqual({state: 'done', report: REPORT});
    expect(await stages()).toMatchObject([{state: 'done', verified: 2}]);
  });

  it('is joined by another page with the same manifest, or with none', async () => {
    const {job} = await begin();
    const joined = [
      stage({asker: 'other'}),
      stage({asker: 'third', manifest: undefined}),
      ask('HOLDFAST_JOB', {job, asker: 'page'}),
    ];
    // Messages are answered in the order in which they come.
    await stages();
    release();
    for (const end of await Promise.all(joined)) {
      expect(end).toEqual({state: 'done', report: REPORT});
    }
    expect(requests).toHaveLength(2);
  });

  it('is not joined with another manifest', async () => {
    const {job} = await begin();
    const manifest = {assets: [{url: urlOf('labels'), size: 10}]};
    expect(await errorOf('HOLDFAST_STAGE', stageOf({asker: 'other', manifest}))).toBe(
      `HOLDFAST_STAGE: 'v1' of 'models-en' is being staged with another manifest.`,
    );
    // What is still being stored would get into the next test.
    release();
    expect(await ask('HOLDFAST_JOB', {job, asker: 'page'})).toEqual({state: 'done', report: REPORT});
  });

  it('is aborted when the last page leaves', async () => {
    const {job} = await begin();
    await ask('HOLDFAST_ABORT_JOB', {job, asker: 'page'});
    expect(await ask('HOLDFAST_JOB', {job, asker: 'page'})).toEqual({state: 'aborted'});
    expect(await stages()).toMatchObject([{state: 'aborted'}]);
  });
});

describe('a stage by the URL of a manifest', () => {
  const path = (name: string, size: number, bytes: string) => ({path: name, size, sha256: bytes});
  const digestOf = async (text: string): Promise<string> => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  };

  beforeEach(async () => {
    const assets = [
      path('model', 9, await digestOf('the model')),
      path('labels', 10, await digestOf('the labels')),
    ];
    network[MANIFEST_URL] = JSON.stringify({holdfast: 1, assets});
  });

  it('fetches the manifest, and then its assets', async () => {
    expect(await stage({manifest: MANIFEST_URL})).toEqual({
      state: 'done',
      report: REPORT,
    });
    expect(requests[0]).toBe(MANIFEST_URL);
    expect(requests.slice(1).sort()).toEqual([urlOf('labels'), urlOf('model')]);
  });

  it('fails with an error that names the URL and the status, and no secret', async () => {
    delete network[MANIFEST_URL];
    expect(await errorOf('HOLDFAST_STAGE', stageOf({manifest: MANIFEST_URL}))).toBe(
      `HOLDFAST_STAGE: the manifest 'https://a.test/en/v1/manifest.json' cannot be read: the server answered with 404`,
    );
    expect(await stages()).toMatchObject([{state: 'failed', assets: 0}]);
  });

  it('fetches the manifest once for all pages that want it', async () => {
    holdNetwork();
    const both = ['page', 'other'].map((asker) => stage({asker, manifest: MANIFEST_URL}));
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    release();
    for (const end of await Promise.all(both)) {
      expect(end).toEqual({state: 'done', report: REPORT});
    }
    expect(requests).toHaveLength(3);
  });

  it('is joined by a page that has the same manifest as an object', async () => {
    holdNetwork();
    const first = stage({manifest: MANIFEST_URL});
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    const {assets} = JSON.parse(network[MANIFEST_URL] as string);
    const manifest = {
      assets: assets.map(({path: name, size, sha256}: {path: string; size: number; sha256: string}) => ({
        url: urlOf(name),
        size,
        digest: {algorithm: 'sha256', hex: sha256},
      })),
    };
    const second = stage({asker: 'other', manifest});
    const third = errorOf('HOLDFAST_STAGE', stageOf({asker: 'third'}));
    release();
    expect(await first).toEqual(await second);
    expect(await third).toContain('with another manifest');
    expect(requests).toHaveLength(3);
  });
});
