import {type Browser, chromium, type Page} from 'playwright';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {CHROMIUM_ARGS} from '../browser/chromiumArgs.ts';
import {findChromium} from '../browser/findChromium.ts';
import {type Origins, type OriginsOptions, startOrigins} from '../origins/startOrigins.ts';
import {ANY_PORTS} from '../origins/testing/anyPorts.ts';

/** A worker that forwards each request, so that the origins see its fetches. */
const WORKER = `
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));
`;

const PAGE = `
  <!doctype html>
  <title>Origins</title>
  <script>
    window.controlled = new Promise((resolve) => {
      navigator.serviceWorker.addEventListener('controllerchange', resolve);
    });
    navigator.serviceWorker.register('/sw.js');
  </script>
`;

const MODES: OriginsOptions[] = [{mode: 'names'}, {mode: 'localhost', ports: ANY_PORTS}];

const MODEL = '/buckets/mailwoman/assets/resolve/de-de/v0.6.0/model.onnx';

describe.each(MODES)('the origins in Chromium, mode $mode', (options) => {
  let origins: Origins;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    origins = await startOrigins({...options, app: {files: {'/index.html': PAGE, '/sw.js': WORKER}}});
    const executablePath = findChromium();
    browser = await chromium.launch({
      ...(executablePath ? {executablePath} : {}),
      args: [...CHROMIUM_ARGS, ...origins.chromiumArgs],
    });
    page = await browser.newPage();
    await page.goto(origins.origin.app);
    await page.evaluate('window.controlled');
    origins.log.clear();
  });

  afterAll(async () => {
    await browser?.close();
    await origins?.close();
  });

  it('redirect a worker from the Hub to its CDN, with a null origin on the second hop', async () => {
    const got = await page.evaluate(async (url) => {
      const response = await fetch(url);
      const {byteLength} = await response.arrayBuffer();
      return {byteLength, status: response.status, type: response.type, redirected: response.redirected};
    }, origins.origin.hub + MODEL);
    const size = origins.content.bucket.releases
      .flatMap(({files}) => files)
      .find(({path}) => MODEL.endsWith(path))?.size;
    expect(got).toEqual({byteLength: size, status: 200, type: 'cors', redirected: true});

    await origins.log.settled();
    expect(origins.log.requests()).toMatchObject([
      {to: 'hub', status: 302, origin: origins.origin.app},
      {to: 'hubCdn', status: 200, origin: 'null', ended: 'complete'},
    ]);
  });

  it('answer a small file from the Hub itself', async () => {
    const text = await page.evaluate(
      async (url) => (await fetch(url)).text(),
      `${origins.origin.hub}/mailwoman/tiny/resolve/main/README.md`,
    );
    expect(text).toContain('# mailwoman/tiny');
  });

  it('send compressed wasm that compiles while it streams', async () => {
    const exported = await page.evaluate(
      async (url) => WebAssembly.Module.exports(await WebAssembly.compileStreaming(fetch(url))).length,
      `${origins.origin.jsdelivr}/pyodide/v314.0.7/full/pyodide.asm.wasm`,
    );
    expect(exported).toBeGreaterThan(0);
    const [request] = origins.log.requests({to: 'jsdelivr'});
    expect(request?.bytesSent).toBeLessThan(5_000_000);
  });

  it('answer without CORS: an opaque response, and a failure for a CORS request', async () => {
    const [opaque, failed] = await page.evaluate(
      async (url) => [
        (await fetch(url, {mode: 'no-cors'})).type,
        await fetch(url).catch((error: Error) => error.name),
      ],
      `${origins.origin.noCors}/script.js`,
    );
    expect([opaque, failed]).toEqual(['opaque', 'TypeError']);
  });

  it.each([{kind: 'cut', afterBytes: 100_000} as const, {kind: 'wrong-length', declared: 'larger'} as const])(
    'cut the answer with the fault $kind, and the page notices',
    async (fault) => {
      const undo = origins.fault({match: MODEL, ...fault, times: 1});
      const outcome = await page.evaluate(async (url) => {
        const response = await fetch(url);
        return response.arrayBuffer().catch((error: Error) => error.name);
      }, origins.origin.hub + MODEL);
      undo();
      expect(outcome).toBe('TypeError');
    },
  );
});
