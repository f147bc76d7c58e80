import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {piecesOf} from '../downloads/piecesName.ts';
import type {IntegrityFailure} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {type Pin, pinOf} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {store} from './store.ts';

const cacheName = 'models-en-v1';

let releases: Releases;

const assetOf = (name: string): Pin => pinOf(releases, `https://a.test/en/v1/${name}`, 'models-en', 'v1');

/** Stores a response that nothing checks. */
const put = (name: string, response: Response) =>
  store(releases, assetOf(name), {response, failure: () => undefined});

/** Begins a large file in pieces: the cache of its release is kept for it, although it is empty. */
const beginLargeFile = async (): Promise<void> => {
  await caches.open(`${piecesOf(cacheName)}https://a.test/en/v1/large`);
  await caches.open(cacheName);
};

beforeEach(() => {
  releases = new WorkerState().part(Releases);
});

afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** An answer whose body fails when the returned function is called, and not before. */
const brokenLater = () => {
  let fail: (error?: unknown) => void = () => undefined;
  const body = new ReadableStream({
    start: (sender) => {
      sender.enqueue(new TextEncoder().encode('half'));
      fail = (error = new TypeError('network error')) => sender.error(error);
    },
  });
  return {response: new Response(body), fail: () => fail(), failWith: (error: unknown) => fail(error)};
};

const broken = (error?: unknown): Response => {
  const {response, failWith} = brokenLater();
  failWith(error);
  return response;
};

describe('a put that fails', () => {
  it('leaves no cache that was made for it', async () => {
    expect(await put('model', broken())).toBe('body-incomplete');
    expect(await caches.has(cacheName)).toBe(false);
  });

  it('leaves an empty cache that pieces of a large file belong to', async () => {
    await beginLargeFile();
    expect(await put('model', broken())).toBe('body-incomplete');
    expect(await caches.has(cacheName)).toBe(true);
  });

  it('leaves what another put has stored in the cache that was made for it', async () => {
    const {response, fail} = brokenLater();
    const failing = put('model', response);
    expect(await put('labels', new Response('labels'))).toBeInstanceOf(Response);
    fail();
    expect(await failing).toBe('body-incomplete');
    expect(await (await caches.match(assetOf('labels').key, {cacheName}))?.text()).toBe('labels');
  });

  it.each([
    ['as a broken connection does', new TypeError('network error')],
    ['as an aborted request does', new DOMException('The user aborted a request.', 'AbortError')],
    ['with another error', new Error('These are not the bytes.')],
  ])('is integrity-failed where a check failed the body, %s', async (_how, error) => {
    const failure: IntegrityFailure = {reason: 'wrong-digest', expected: {}, got: {}};
    const checked = {response: broken(error), failure: () => failure};
    expect(await store(releases, assetOf('model'), checked)).toBe('integrity-failed');
    expect(await caches.has(cacheName)).toBe(false);
  });

  it('asks for the failure of a check only after the body has failed', async () => {
    const failure = vi.fn(() => undefined);
    await store(releases, assetOf('labels'), {response: new Response('labels'), failure});
    expect(failure).not.toHaveBeenCalled();
  });
});

describe('two puts at once that fail', () => {
  const twoFailing = () => {
    const [first, second] = [brokenLater(), brokenLater()];
    const stored = [put('model', first.response), put('labels', second.response)];
    return {first, second, stored};
  };

  it('leave no cache that was made for them', async () => {
    const {first, second, stored} = twoFailing();
    first.fail();
    expect(await stored[0]).toBe('body-incomplete');
    // The other one is still being stored there.
    expect(await caches.has(cacheName)).toBe(true);
    second.fail();
    expect(await stored[1]).toBe('body-incomplete');
    expect(await caches.has(cacheName)).toBe(false);
  });

  it('leave no cache that was made for them when they fail at the same time', async () => {
    const {first, second, stored} = twoFailing();
    first.fail();
    second.fail();
    expect(await Promise.all(stored)).toEqual(['body-incomplete', 'body-incomplete']);
    expect(await caches.has(cacheName)).toBe(false);
  });

  it('leave an empty cache that pieces of a large file belong to', async () => {
    await beginLargeFile();
    const {first, second, stored} = twoFailing();
    first.fail();
    second.fail();
    expect(await Promise.all(stored)).toEqual(['body-incomplete', 'body-incomplete']);
    expect(await caches.has(cacheName)).toBe(true);
  });
});
