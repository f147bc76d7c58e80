import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies/CacheFirst.js';
import type {DownloadProgress, JobAnswer, StoredFile} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {downloads} from './downloads.ts';
import {ResumableCacheFirst} from './index.ts';
import {eventually} from './testing/eventually.ts';
import {bytesOf, drain, Host} from './testing/Host.ts';

vi.mock('../timing/pauseBefore.ts', () => ({
  pauseBefore: async (_attempts: number, signal: AbortSignal) => signal.throwIfAborted(),
}));

const PIECE = 65_536;
const SIZE = 3 * PIECE + 1000;
const FILE = bytesOf(SIZE);
const CHUNK = 16_384;

const worker = new WorkerState();
downloads().setUp(worker);

let url: string;
let host: Host;
let sent: Request[];
let reports: DownloadProgress[];
let channel: BroadcastChannel;
let files = 0;

/** Of one route for all tests, each of which gives it its plugins. */
const strategy = new ResumableCacheFirst({cacheName: 'models', minBytes: 100_000, pieceBytes: PIECE}, worker);
registerRoute(/^https:\/\/a\.test\/routed\//, strategy);
registerRoute(/^https:\/\/a\.test\/plain\//, new CacheFirst());

beforeEach(() => {
  files += 1;
  url = `https://a.test/routed/${files}/model.onnx`;
  host = new Host(FILE, CHUNK);
  sent = [];
  reports = [];
  channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data: {payload}}) => {
    // The file of the last test may be done only now.
    if (payload.key === url) {
      reports.push(payload);
    }
  };
  strategy.plugins = [];
  vi.stubGlobal('clients', {matchAll: async () => [PAGE]});
  vi.stubGlobal('fetch', (request: Request, init?: RequestInit) => {
    sent.push(request);
    return host.fetch(request, init);
  });
});

afterEach(async () => {
  channel.close();
  host.goOn();
  await eventually(() => expect(host.open).toBe(0));
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** The page from which messages come. */
const PAGE = {id: 'page', url: `${location.origin}/page.html`};

interface Answer {
  type: string;
  payload: unknown;
}

/** Sends a message as a page would, to what takes the worker's place. */
const send = (message: unknown, source: object = PAGE): Promise<Answer> =>
  new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => {
      port1.close();
      resolve(data);
    };
    const event = Object.assign(new ExtendableEvent('message'), {data: message, ports: [port2], source});
    dispatchEvent(event);
  });

type End = JobAnswer<StoredFile>;

const start = async (asker = 'me', what = url): Promise<End> => {
  const {type, payload} = await send({type: 'HOLDFAST_DOWNLOAD', payload: {url: what, asker}});
  expect([type, payload]).toEqual(['HOLDFAST_ANSWER', expect.anything()]);
  return payload as End;
};

const poll = async (job: string, asker = 'me'): Promise<End> =>
  (await send({type: 'HOLDFAST_JOB', payload: {job, asker}})).payload as End;

const abort = async (job: string, asker = 'me'): Promise<void> => {
  await send({type: 'HOLDFAST_ABORT_JOB', payload: {job, asker}});
};

/** Starts a job, and waits for it to its end. */
const download = async (asker?: string, what?: string): Promise<End> => {
  let answer = await start(asker, what);
  while (answer.state === 'running') {
    answer = await poll(answer.job, asker);
  }
  return answer;
};

/** Starts a job whose host holds at an offset, and waits until it is there. */
const startAndHold = async (offset: number, asker?: string): Promise<string> => {
  host.holdAt(offset);
  const answer = await start(asker);
  await eventually(() => expect(host.sent).toBe(offset));
  return answer.state === 'running' ? answer.job : '';
};

/** Answers as to a page. */
const answerToPage = (): Promise<Response> => {
  const [response, done] = strategy.handleAll({
    event: new ExtendableEvent('fetch'),
    request: new Request(url),
  });
  done.catch(() => undefined);
  return response;
};

const stored = async (): Promise<Response | undefined> => (await caches.open('models')).match(url);

const piecesName = (): string => `holdfast-pieces models ${url}`;

const pieces = async (): Promise<number> =>
  (await caches.has(piecesName())) ? (await (await caches.open(piecesName())).keys()).length - 1 : 0;

/** Storage takes no entry of the file. */
const refuseEntry = (name: string): void => {
  const {put} = Cache.prototype;
  vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
    if (key instanceof Request && key.url === url) {
      await response.body?.cancel();
      throw new DOMException('no', name);
    }
    return put.call(this, key, response);
  });
};

describe('a large file', () => {
  it('is downloaded by one request, and is an entry at the end', async () => {
    expect(await download()).toEqual({state: 'done', report: {key: url}});
    expect(host.asked).toEqual([null]);
    expect(await drain((await stored())?.body)).toEqual(FILE);
    await eventually(async () => expect(await caches.keys()).toEqual(['models']));
  });

  it('needs no request when it is stored', async () => {
    await download();
    expect(await download()).toEqual({state: 'done', report: {key: url}});
    expect(host.asked).toHaveLength(1);
  });

  it('is downloaded once for all pages that want it', async () => {
    const job = await startAndHold(CHUNK);
    const second = download('another');
    const page = drain((await answerToPage()).body);
    host.goOn();
    expect(await second).toEqual({state: 'done', report: {key: url}});
    expect(await poll(job)).toEqual({state: 'done', report: {key: url}});
    expect(await page).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('resumes from its pieces over cut connections', async () => {
    host.cuts.push(PIECE + CHUNK, 2 * PIECE);
    expect(await download()).toMatchObject({state: 'done'});
    expect(host.asked).toEqual([
      null,
      `bytes=${PIECE + CHUNK}-${SIZE - 1}`,
      `bytes=${2 * PIECE}-${SIZE - 1}`,
    ]);
  });

  it('is done when its pieces are checked, where the browser has no room for an entry', async () => {
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({quota: 2 * SIZE, usage: SIZE + 1});
    expect(await download()).toEqual({state: 'done', report: {key: url}});
    expect(await stored()).toBeUndefined();
    expect(await pieces()).toBe(4);
    expect(await download()).toEqual({state: 'done', report: {key: url}});
    expect(host.asked).toHaveLength(1);
    await eventually(() => expect(reports.at(-1)).toMatchObject({state: 'done', bytes: SIZE}));
  });

  it('reports how far it is, in answers and events', async () => {
    const job = await startAndHold(PIECE);
    expect(job).not.toBe('');
    expect(await start('another')).toMatchObject({
      state: 'running',
      progress: {key: url, state: 'running', bytes: PIECE, totalBytes: SIZE},
    });
    host.goOn();
    expect(await poll(job)).toMatchObject({state: 'done'});
    await eventually(() => expect(reports.at(-1)).toMatchObject({key: url, state: 'done', bytes: SIZE}));
    expect(reports[0]).toMatchObject({key: url, state: 'running'});
  });

  it('has its key in the first answer, also before its host answers', async () => {
    const {answer, asked} = host.keepWaiting();
    const first = start();
    await asked;
    expect(await first).toMatchObject({state: 'running', progress: {key: url, bytes: 0}});
    answer();
    expect(await download()).toMatchObject({state: 'done'});
  });
});

describe('a small file', () => {
  beforeEach(() => {
    host.file = FILE.slice(0, 1000);
  });

  it('is downloaded and stored', async () => {
    expect(await download()).toEqual({state: 'done', report: {key: url}});
    expect(await drain((await stored())?.body)).toEqual(host.file);
    expect(await download()).toMatchObject({state: 'done'});
    expect(host.asked).toEqual([null]);
  });

  it('fails where storage has no room', async () => {
    refuseEntry('QuotaExceededError');
    expect(await download()).toEqual({state: 'failed', failures: [{key: url, reason: 'quota-exceeded'}]});
  });

  it('fails where storage rejects with neither an Error nor a DOMException, as in Firefox', async () => {
    vi.spyOn(Cache.prototype, 'put').mockRejectedValue({name: 'NS_ERROR_FILE_NO_DEVICE_SPACE'});
    expect(await download()).toMatchObject({state: 'failed', failures: [{reason: 'quota-exceeded'}]});
  });
});

describe('the request', () => {
  it('has the referrer of the page', async () => {
    await download();
    expect(sent[0]?.referrer).toBe(PAGE.url);
  });

  it('comes from the worker where no page sends the message', async () => {
    await send({type: 'HOLDFAST_DOWNLOAD', payload: {url, asker: 'me'}}, {});
    expect(sent[0]?.referrer).toBe('about:client');
  });

  it('matches what a page requests', async () => {
    host.headers = {etag: '"one"', vary: 'Accept'};
    host.file = FILE.slice(0, 1000);
    await download();
    const page = new Request(url, {headers: {accept: '*/*'}});
    expect(await (await caches.open('models')).match(page)).toBeDefined();
  });

  it('runs the plugins of the strategy, as that of a page does', async () => {
    const called: string[] = [];
    const plugin: WorkboxPlugin = {
      handlerWillStart: async () => void called.push('handlerWillStart'),
      cacheKeyWillBeUsed: async ({request, mode}) => {
        called.push(`cacheKeyWillBeUsed ${mode}`);
        return `${request.url}?key`;
      },
      cachedResponseWillBeUsed: async ({cachedResponse}) => {
        called.push('cachedResponseWillBeUsed');
        return cachedResponse;
      },
      requestWillFetch: async ({request}) => {
        called.push('requestWillFetch');
        return new Request(request, {headers: {'x-mark': 'yes'}});
      },
      fetchDidSucceed: async ({response}) => {
        called.push('fetchDidSucceed');
        return response;
      },
      cacheWillUpdate: async ({response}) => {
        called.push('cacheWillUpdate');
        return response;
      },
      cacheDidUpdate: async () => void called.push('cacheDidUpdate'),
      handlerDidComplete: async () => void called.push('handlerDidComplete'),
    };
    strategy.plugins = [plugin];
    expect(await download()).toEqual({state: 'done', report: {key: `${url}?key`}});
    expect(sent[0]?.headers.get('x-mark')).toBe('yes');
    await eventually(() => expect(called).toContain('handlerDidComplete'));
    expect(called).toEqual([
      'handlerWillStart',
      'cacheKeyWillBeUsed read',
      'cachedResponseWillBeUsed',
      'requestWillFetch',
      'fetchDidSucceed',
      'cacheKeyWillBeUsed write',
      'cacheWillUpdate',
      'cacheDidUpdate',
      'handlerDidComplete',
    ]);
  });

  it('lets plugins verify the answer before it would be served', async () => {
    const read = vi.fn();
    const fetchDidSucceed = async ({response}: {response: Response}) => {
      read((await response.arrayBuffer()).byteLength);
      return Response.error();
    };
    strategy.plugins = [{fetchDidSucceed, cacheWillUpdate: async () => null}];
    expect(await download()).toMatchObject({state: 'failed'});
    expect(read).toHaveBeenCalledWith(SIZE);
  });
});

describe('an abort', () => {
  it('stops the download, whose pieces stay', async () => {
    const job = await startAndHold(PIECE + CHUNK);
    await abort(job);
    expect(await poll(job)).toEqual({state: 'aborted'});
    await eventually(() => expect(host.open).toBe(0));
    await eventually(async () => expect(await pieces()).toBe(2));
    await eventually(() => expect(reports.at(-1)).toMatchObject({state: 'aborted', bytes: PIECE + CHUNK}));
    host.goOn();
    host.asked.length = 0;
    expect(await download()).toMatchObject({state: 'done'});
    expect(host.asked).toEqual([`bytes=${PIECE + CHUNK}-${SIZE - 1}`]);
  });

  it('leaves the download to other jobs', async () => {
    const job = await startAndHold(CHUNK);
    await start('another');
    await abort(job);
    expect(host.open).toBe(1);
    host.goOn();
    expect(await poll(job, 'another')).toMatchObject({state: 'done'});
    expect(host.asked).toHaveLength(1);
  });

  it('leaves the download to a page that reads it', async () => {
    const job = await startAndHold(CHUNK);
    const page = await answerToPage();
    await abort(job);
    expect(await poll(job)).toEqual({state: 'aborted'});
    host.goOn();
    expect(await drain(page.body)).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('ends a job at once whose host has not answered, and closes the connection', async () => {
    // Other tests' downloads may go on.
    const signals: AbortSignal[] = [];
    let answering: Promise<Response> | undefined;
    vi.stubGlobal('fetch', (request: Request) => {
      const fetched = host.fetch(request);
      if (request.url === url) {
        signals.push(request.signal);
        answering = fetched;
      }
      return fetched;
    });
    const {answer, asked} = host.keepWaiting();
    const first = await start();
    await asked;
    const job = first.state === 'running' ? first.job : '';
    await abort(job);
    expect(await poll(job)).toEqual({state: 'aborted'});
    expect(signals.map(({aborted}) => aborted)).toEqual([true]);
    answer();
    await expect(answering).rejects.toThrow();
  });

  it('ends a job while a plugin reads the answer', async () => {
    const fetchDidSucceed = async ({response}: {response: Response}) => new Response(await response.blob());
    strategy.plugins = [{fetchDidSucceed}];
    const job = await startAndHold(CHUNK);
    await abort(job);
    expect(await poll(job)).toEqual({state: 'aborted'});
    await eventually(() => expect(host.open).toBe(0));
  });
});

describe('a page that leaves', () => {
  it('does not stop the download of a job', async () => {
    const job = await startAndHold(CHUNK);
    const page = await answerToPage();
    await page.body?.cancel();
    host.goOn();
    expect(await poll(job)).toMatchObject({state: 'done'});
    expect(host.asked).toHaveLength(1);
  });
});

describe('a failure', () => {
  const failed = (failure: object) => ({state: 'failed', failures: [{key: url, ...failure}]});

  it('of the network is unreachable', async () => {
    host.instead.push(new TypeError('Failed to fetch'));
    expect(await download()).toEqual(failed({reason: 'unreachable'}));
  });

  it('of the network in the middle is unreachable, after several attempts', async () => {
    host.cuts.push(PIECE);
    host.holdAt(PIECE);
    const ending = download();
    await eventually(() => expect(host.sent).toBe(PIECE));
    host.instead.push(...Array.from({length: 6}, () => new TypeError('Failed to fetch')));
    host.goOn();
    expect(await ending).toEqual(failed({reason: 'unreachable'}));
    expect(await download()).toMatchObject({state: 'done'});
  });

  it.each([404, 503])('of the host has the status %i', async (status) => {
    host.instead.push(new Response('no', {status}));
    expect(await download()).toEqual(failed({reason: 'status', status}));
  });

  it('is the status of a host that no longer has the rest', async () => {
    const job = await startAndHold(PIECE);
    await abort(job);
    host.goOn();
    host.instead.push(new Response('no', {status: 404}));
    expect(await download()).toEqual(failed({reason: 'status', status: 404}));
  });

  it('is an incomplete body when the file was replaced, and the next attempt fetches it anew', async () => {
    host.cuts.push(PIECE);
    host.holdAt(PIECE);
    const ending = download();
    await eventually(() => expect(host.sent).toBe(PIECE));
    host.file = bytesOf(SIZE, 7);
    host.headers = {etag: '"two"'};
    host.goOn();
    expect(await ending).toEqual(failed({reason: 'body-incomplete'}));
    expect(await download()).toMatchObject({state: 'done'});
    expect(await drain((await stored())?.body)).toEqual(host.file);
  });

  it('of storage ends the job at once, since nothing can be stored', async () => {
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async (_key, response) => {
      await response.body?.cancel();
      throw new DOMException('full', 'QuotaExceededError');
    });
    host.holdAt(2 * PIECE);
    expect(await download()).toEqual(failed({reason: 'quota-exceeded'}));
    expect(host.open).toBe(0);
  });

  it('of storage for another reason has its own', async () => {
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async (_key, response) => {
      await response.body?.cancel();
      throw new DOMException('broken', 'UnknownError');
    });
    expect(await download()).toEqual(failed({reason: 'storage-failed'}));
  });

  it('is refused by a plugin that does not let the file in', async () => {
    strategy.plugins = [{cacheWillUpdate: async () => null}];
    expect(await download()).toEqual(failed({reason: 'refused'}));
    await eventually(async () => expect(await pieces()).toBe(0));
  });

  it('is refused by a plugin that throws', async () => {
    strategy.plugins = [
      {
        cacheWillUpdate: async () => {
          throw new TypeError('broken');
        },
      },
    ];
    expect(await download()).toEqual(failed({reason: 'refused'}));
  });

  it('has the reason of a plugin that stores by itself', async () => {
    const cacheWillUpdate = async ({event}: {event: ExtendableEvent}) => {
      worker.contextOf(event).outcome = 'not-current';
      return null;
    };
    strategy.plugins = [{cacheWillUpdate}];
    expect(await download()).toEqual(failed({reason: 'not-current'}));
  });

  it('of the check of the bytes is an integrity failure, and nothing stays', async () => {
    const cacheWillUpdate = async ({response, event}: {response: Response; event: ExtendableEvent}) => {
      const body = response.body?.pipeThrough(
        new TransformStream({
          flush: () => {
            worker.contextOf(event).integrityFailures.set(checked, {
              reason: 'wrong-digest',
              expected: {},
              got: {},
            });
            throw new TypeError('These are not the bytes.');
          },
        }),
      );
      const checked = new Response(body, response);
      return checked;
    };
    strategy.plugins = [{cacheWillUpdate}];
    expect(await download()).toEqual(failed({reason: 'integrity-failed'}));
    await eventually(async () => expect(await pieces()).toBe(0));
  });

  it('is an evicted release when that happens in between', async () => {
    const job = await startAndHold(PIECE);
    await caches.delete('models');
    await Promise.all([...worker.cleanups].map((clean) => clean()));
    expect(await poll(job)).toEqual(failed({reason: 'release-evicted'}));
    expect(host.open).toBe(0);
  });
});

describe('a message', () => {
  it.each([{url: 7, asker: 'me'}, {asker: 'me'}, {url: 'https://a.test/routed/x'}])(
    'is refused with the payload %j',
    async (payload) => {
      const field = 'asker' in payload ? 'url' : 'asker';
      expect(await send({type: 'HOLDFAST_DOWNLOAD', payload})).toEqual({
        type: 'HOLDFAST_ERROR',
        payload: {
          message: expect.stringContaining(`HOLDFAST_DOWNLOAD: payload.${field} must be a non-empty string`),
        },
      });
    },
  );

  it.each(['https://a.test/plain/model.onnx?token=secret', 'https://b.test/model.onnx?token=secret'])(
    'is answered with an error where no such route answers: %s',
    async (what) => {
      const payload = {url: what, asker: 'me'};
      const message = `HOLDFAST_DOWNLOAD: no route with ResumableCacheFirst answers '${what.replace(/\?.*/, '')}'; use handler: 'ResumableCacheFirst' or a recipe with resumable: true`;
      expect(await send({type: 'HOLDFAST_DOWNLOAD', payload})).toEqual({
        type: 'HOLDFAST_ERROR',
        payload: {message},
      });
      expect(sent).toEqual([]);
    },
  );

  it('of another library is left alone', async () => {
    const answered = send({type: 'SKIP_WAITING'});
    await download();
    expect(await Promise.race([answered, Promise.resolve('nothing')])).toBe('nothing');
  });
});

it('setting the feature up twice does no harm', async () => {
  downloads().setUp(worker);
  expect(await download()).toMatchObject({state: 'done'});
  expect(host.asked).toHaveLength(1);
});
