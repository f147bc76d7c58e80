import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {startForTests} from '../../testing/startForTests.ts';

const origins = await startForTests({
  app: {
    folder: fileURLToPath(new URL('./', import.meta.url)),
    files: {'/index.html': '<!doctype html><title>App</title>', '/time.txt': () => String(performance.now())},
  },
});
const {app, log, origin} = origins;
const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${origin.app}${path}`, init);

describe('the app', () => {
  it('has its index at the root, which the HTTP cache revalidates', async () => {
    const response = await get('/');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('service-worker-allowed')).toBe('/');
    expect(await response.text()).toContain('<title>App</title>');
  });

  it('serves files of its folder, and none outside of it', async () => {
    expect(await (await get('/createApp.test.ts')).text()).toContain("describe('the app'");
    expect((await get('/%2e%2e/createJsdelivr.ts')).status).toBe(404);
    expect((await get('/..%2fcreateJsdelivr.ts')).status).toBe(404);
  });

  it('calls a function for each request', async () => {
    expect(await (await get('/time.txt')).text()).not.toBe(await (await get('/time.txt')).text());
  });

  it('publishes a new version of a file, with its own headers', async () => {
    app.set('/sw.js', 'self.version = 1;');
    expect(await (await get('/sw.js')).text()).toBe('self.version = 1;');
    app.set('/sw.js', 'self.version = 2;', {'cross-origin-embedder-policy': 'require-corp'});
    const response = await get('/sw.js');
    expect(await response.text()).toBe('self.version = 2;');
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  });

  it('has the other origins for a page and its worker', async () => {
    const script = await (await get('/origins.js')).text();
    const scope: {HOLDFAST_ORIGINS?: unknown} = {};
    new Function('self', script)(scope);
    expect(scope.HOLDFAST_ORIGINS).toEqual(origin);
  });
});

describe('the control calls', () => {
  const addFault = (rule: object): Promise<Response> =>
    get('/__control/fault', {method: 'POST', body: JSON.stringify(rule)});

  it('add and end faults', async () => {
    expect((await addFault({match: '/script.js', kind: 'status', status: 503})).status).toBe(200);
    expect((await fetch(`${origin.cors}/script.js`)).status).toBe(503);
    await get('/__control/faults', {method: 'DELETE'});
    expect((await fetch(`${origin.cors}/script.js`)).status).toBe(200);
  });

  it('explain what is wrong with a fault', async () => {
    for (const rule of [
      {match: '/x', kind: 'nonsense'},
      {match: '/x', kind: 'slow'},
      {kind: 'redirect-loop'},
    ]) {
      const response = await addFault(rule);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain("A fault needs 'match'");
    }
  });

  it('set the connection of the requests that match', async () => {
    const setLink = (rule: object): Promise<Response> =>
      get('/__control/link', {method: 'POST', body: JSON.stringify({match: '/data.bin', ...rule})});

    expect((await setLink({bytesPerSecond: 1e9, latencyMs: 0, isDown: true})).status).toBe(200);
    await expect(fetch(`${origin.cors}/data.bin`)).rejects.toThrow(TypeError);
    expect((await fetch(`${origin.cors}/script.js`)).status).toBe(200);
    await setLink({bytesPerSecond: 1e9, latencyMs: 0});
    expect(await (await fetch(`${origin.cors}/data.bin`)).bytes()).toHaveLength(1_048_576);

    const response = await setLink({latencyMs: 80});
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("A link needs 'match'");
  });

  it('sum up the requests that match', async () => {
    await (await fetch(`${origin.cors}/data.bin`)).bytes();
    await (await fetch(`${origin.cors}/script.js`)).text();
    await log.settled();
    const traffic = await (await get('/__control/traffic?match=/data.bin')).json();
    expect(traffic).toEqual({requests: 1, bytes: 1_048_576});
  });

  it('return the log, and are not in it', async () => {
    await (await fetch(`${origin.cors}/script.js`)).text();
    await log.settled();
    const shown = await (await get('/__control/log')).json();
    expect(shown).toMatchObject([{to: 'cors', path: '/script.js', status: 200, ended: 'complete'}]);
    expect(log.requests({to: 'app'})).toEqual([]);
  });
});
