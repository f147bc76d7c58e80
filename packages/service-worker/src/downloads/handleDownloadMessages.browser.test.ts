import {beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {CacheFirst} from 'workbox-strategies/CacheFirst.js';
import {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {handleDownloadMessages} from './handleDownloadMessages.ts';
import type {DownloadStateAnswer} from './messages.ts';
import {FileChanged, UpstreamFailure} from './Upstream.ts';
import {note} from './watched.ts';

beforeAll(() => handleDownloadMessages());

let url: string;
let tests = 0;

beforeEach(() => {
  tests += 1;
  url = `https://a.test/${tests}.bin`;
});

interface Answer {
  type: string;
  payload: unknown;
}

/** Sends a message as a page would, to what takes the worker's place. */
const send = (message: unknown): Promise<Answer> =>
  new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => {
      port1.close();
      resolve(data);
    };
    const event = new MessageEvent('message', {data: message, ports: [port2]});
    dispatchEvent(Object.assign(event, {waitUntil: () => undefined}));
  });

const stateOf = async (known?: DownloadStateAnswer['state']): Promise<unknown> => {
  const {type, payload} = await send({type: 'HOLDFAST_DOWNLOAD_STATE', payload: {url, known}});
  expect(type).toBe('HOLDFAST_ANSWER');
  return payload;
};

/** A request, as the strategy has one, with a key of its own. */
const requestOf = (init?: RequestInit): [Request, StrategyHandler] => {
  const request = new Request(url, init);
  const strategy = new CacheFirst({
    plugins: [{cacheKeyWillBeUsed: async () => `${url}?key`}],
  });
  const event = new ExtendableEvent('fetch');
  return [request, new StrategyHandler(strategy, {event, request})];
};

const forever = new Promise<void>(() => undefined);

describe('the state of a file', () => {
  it('is unknown before a request, and of one that came before anybody asked', async () => {
    note(...requestOf(), forever);
    expect(await stateOf()).toEqual({state: 'unknown'});
    expect(await stateOf()).toEqual({state: 'unknown'});
  });

  it('is stored where that has answered', async () => {
    await stateOf();
    note(...requestOf());
    expect(await stateOf()).toEqual({state: 'stored', key: `${url}?key`});
  });

  it('follows a download: it runs, it is stored, and in the end it is gone or there in pieces', async () => {
    await stateOf();
    const download = {isWhole: false, storageFailure: undefined};
    let end: () => void = () => undefined;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    note(...requestOf(), work, download);
    expect(await stateOf()).toMatchObject({state: 'running'});
    download.isWhole = true;
    expect(await stateOf()).toMatchObject({state: 'storing'});
    end();
    expect(await stateOf()).toMatchObject({state: 'in-pieces'});
    download.isWhole = false;
    expect(await stateOf()).toMatchObject({state: 'over', key: `${url}?key`});
  });

  it('is over when a file that comes in one go has been put', async () => {
    await stateOf();
    note(...requestOf(), Promise.resolve(true));
    expect(await stateOf()).toMatchObject({state: 'over'});
  });

  it('is told to those who know of it when it changes', async () => {
    await stateOf();
    let end: () => void = () => undefined;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    note(...requestOf(), work);
    const next = stateOf('running');
    await stateOf();
    end();
    expect(await next).toMatchObject({state: 'over'});
  });

  it('is that of the last request for the whole', async () => {
    await stateOf();
    note(...requestOf(), Promise.reject(new TypeError('Failed to fetch')));
    note(...requestOf(), forever);
    note(...requestOf({headers: {range: 'bytes=0-99'}}));
    expect(await stateOf()).toMatchObject({state: 'running'});
  });

  it.each([
    [new TypeError('Failed to fetch'), {reason: 'interrupted'}],
    [new DOMException('Nobody wants it any more.', 'AbortError'), {reason: 'interrupted'}],
    [new FileChanged('It was replaced.'), {reason: 'interrupted'}],
    [new UpstreamFailure(new Response(null, {status: 503})), {reason: 'status', status: 503}],
    [new DOMException('Quota exceeded.', 'QuotaExceededError'), {reason: 'quota-exceeded'}],
    [new DOMException('Unexpected internal error.', 'UnknownError'), {reason: 'storage-failed'}],
  ])('after %s says why', async (error, failure) => {
    await stateOf();
    note(...requestOf(), Promise.reject(error), {isWhole: false, storageFailure: undefined});
    expect(await stateOf()).toEqual({state: 'failed', key: `${url}?key`, ...failure});
  });

  it('is that it has failed as soon as nothing can be stored', async () => {
    await stateOf();
    const storageFailure = new DOMException('Quota exceeded.', 'QuotaExceededError');
    note(...requestOf(), forever, {isWhole: false, storageFailure});
    expect(await stateOf()).toMatchObject({state: 'failed', reason: 'quota-exceeded'});
  });
});

it.each([undefined, {}, {url: 7}])(
  'refuses the payload %j with an error that names what is wrong',
  async (payload) => {
    expect(await send({type: 'HOLDFAST_DOWNLOAD_STATE', payload})).toEqual({
      type: 'HOLDFAST_ERROR',
      payload: {
        message: expect.stringMatching(/^HOLDFAST_DOWNLOAD_STATE: payload\.url must be a string, but is /),
      },
    });
  },
);

it('leaves the messages of others alone', async () => {
  const answered = send({type: 'CACHE_URLS', payload: {}});
  await stateOf();
  expect(await Promise.race([answered, Promise.resolve('nothing')])).toBe('nothing');
});
