/** Pages that the worker isolates, since their host sets no headers. Real runtimes run there with threads. */
import {readFile} from 'node:fs/promises';
import type {Frame, Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

/**
 * A page that registers the worker and isolates itself. Its query is that of the worker: the policy. It counts the workers
 * that get shared memory, which are the threads of WebAssembly. Those have no event loop, and answer no messages.
 */
const APP = `<!doctype html><meta charset="utf-8"><title>Test</title><script src="/page.js"></script><script>
  var threads = 0;
  const {postMessage} = Worker.prototype;
  Worker.prototype.postMessage = function (message, ...rest) {
    threads += Object.values(message).some((value) =>
      value instanceof WebAssembly.Memory && value.buffer instanceof SharedArrayBuffer);
    return postMessage.call(this, message, ...rest);
  };
  var ready = holdfast.register('/isolated.js' + location.search).then(() => holdfast.isolate());
</script>`;

declare const threads: number;
declare const ready: Promise<void>;

let stage: Stage;

beforeAll(async () => {
  stage = await openSharedStage(['isolated', 'holdfast']);
  stage.origins.app.set('/app/index.html', APP);
  stage.origins.app.set('/precached/index.html', APP);
  stage.origins.app.set('/nested.js', 'postMessage(crossOriginIsolated);');
  stage.origins.app.set(
    '/worker.js',
    `new Worker('/nested.js').onmessage = ({data}) => postMessage([crossOriginIsolated, data]);`,
  );
});

afterAll(() => stage.close());

beforeEach(() => stage.reset());

const whenIsolated = async (page: Page): Promise<void> => {
  // A page is isolated before its script has run.
  await page.waitForFunction(() => crossOriginIsolated && typeof ready !== 'undefined');
  await page.evaluate(() => ready);
};

const openIsolated = async (policy: string, path = '/app/'): Promise<Page> => {
  const page = await stage.openPage(`${path}?${policy}`);
  await whenIsolated(page);
  return page;
};

/** Opens the app again, offline. */
const comeBackOffline = async (page: Page, policy: string): Promise<Page> => {
  await expect
    .poll(() => page.evaluate(() => stored()))
    .toMatchObject({pages: [page.url()], app: [`${stage.app}/page.js`]});
  await page.close();
  await stage.browser.clearHttpCache();
  stage.origins.log.clear();
  await stage.browser.setOffline(true);
  return openIsolated(policy);
};

/** Returns the requested paths, without the browser's own check for an update of the worker. */
const requested = (): string[] =>
  stage.origins.log
    .requests()
    .map(({path}) => path)
    .filter((path) => path !== '/isolated.js');

const requestsTo = (path: string) => stage.origins.log.requests({to: 'app', path}).length;

/** Returns the number of assets in the caches. */
const assetsStored = (page: Page) =>
  page.evaluate(
    async () =>
      Object.values(await stored())
        .flat()
        .filter((url) => !url.startsWith(location.origin)).length,
  );

describe.each(['credentialless', 'require-corp'])('under %s', (policy) => {
  it('a page is isolated after one reload of its own, and offline', async () => {
    const plain = await stage.openPage();
    expect(await plain.evaluate(() => [crossOriginIsolated, 'SharedArrayBuffer' in globalThis])).toEqual([
      false,
      false,
    ]);

    const page = await openIsolated(policy);
    expect(requestsTo('/app/')).toBe(2);
    const offline = await comeBackOffline(page, policy);
    expect(await offline.evaluate(() => typeof SharedArrayBuffer)).toBe('function');
    expect(requested()).toEqual([]);
  });

  it('a page is isolated again after a hard reload', async () => {
    const page = await openIsolated(policy);
    const session = await page.context().newCDPSession(page);
    const loaded = page.waitForEvent('load');
    await session.send('Page.reload', {ignoreCache: true});
    await loaded;
    await expect.poll(() => requestsTo('/app/')).toBe(4);
    await whenIsolated(page);
  });

  it('workers, and their workers, are isolated', async () => {
    const page = await openIsolated(policy);
    const isolated = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const worker = new Worker('/worker.js');
          worker.onmessage = ({data}) => resolve(data);
          worker.onerror = () => resolve('blocked');
        }),
    );
    expect(isolated).toEqual([true, true]);
  });

  it('a model runs on three threads, and again offline', async () => {
    const {model} = stage.release('en-us', 'v0.6.0');
    const runModel = (page: Page) =>
      page.evaluate(
        async ([runtime, url, {input, inputName, outputName}]) => {
          const ort = await importModule(runtime);
          ort.env.wasm.numThreads = 3;
          const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
          const session = await ort.InferenceSession.create(bytes, {executionProviders: ['wasm']});
          const tensor = new ort.Tensor('float32', Float32Array.from(input), [1, input.length]);
          const results = await session.run({[inputName]: tensor});
          return {output: Array.from(results[outputName].data as Float32Array), threads};
        },
        [
          `${stage.origins.origin.jsdelivr}/npm/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs`,
          stage.assetUrl('en-us/v0.6.0/model.onnx'),
          model,
        ] as const,
      );
    // The third thread is that of the page.
    const expected = {output: model.output.map((value) => expect.closeTo(value, 4)), threads: 2};

    const page = await openIsolated(policy);
    expect(await runModel(page)).toEqual(expected);
    await expect.poll(() => assetsStored(page)).toBe(4);

    const offline = await comeBackOffline(page, policy);
    expect(await runModel(offline)).toEqual(expected);
    expect(offline.workers()).toHaveLength(2);
    expect(requested()).toEqual([]);
  });

  it('Python runs, and another thread can interrupt it, also offline', async () => {
    const runPython = (page: Page) =>
      page.evaluate(async (url) => {
        const {loadPyodide} = await importModule(url);
        const pyodide = await loadPyodide();
        const memory = new Uint8Array(new SharedArrayBuffer(2));
        pyodide.setInterruptBuffer(memory);
        const code = `onmessage = ({data}) => {
          postMessage('ready');
          while (Atomics.load(data, 1) === 0);
          Atomics.store(data, 0, 2);
        };`;
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        worker.postMessage(memory);
        await new Promise((resolve) => {
          worker.onmessage = resolve;
        });
        // The page's thread is busy from here on: only shared memory reaches it.
        Atomics.store(memory, 1, 1);
        try {
          return pyodide.runPython('import time\nend = time.time() + 20\nwhile time.time() < end: pass');
        } catch (error) {
          return String(error).match(/KeyboardInterrupt/)?.[0];
        }
      }, `${stage.origins.origin.jsdelivr}/pyodide/v314.0.7/full/pyodide.mjs`);

    const page = await openIsolated(policy);
    expect(await runPython(page)).toBe('KeyboardInterrupt');
    await expect.poll(() => assetsStored(page)).toBe(5);

    const offline = await comeBackOffline(page, policy);
    expect(await runPython(offline)).toBe('KeyboardInterrupt');
    expect(requested()).toEqual([]);
  });

  it.each([
    ['with CORS', 'cors', true],
    ['without CORS', 'noCors', policy === 'credentialless'],
  ] as const)(
    'loads an image and a script of a host %s as the policy allows',
    async (_host, host, areLoaded) => {
      const page = await openIsolated(policy);
      const loaded = () =>
        page.evaluate(async (origin) => {
          const settled = (element: HTMLElement) =>
            new Promise<boolean>((resolve) => {
              element.onload = () => resolve(true);
              element.onerror = () => resolve(false);
              document.head.append(element);
            });
          return [
            await settled(Object.assign(document.createElement('img'), {src: `${origin}/image.svg`})),
            await settled(Object.assign(document.createElement('script'), {src: `${origin}/script.js`})),
          ];
        }, stage.origins.origin[host]);

      expect(await loaded()).toEqual([areLoaded, areLoaded]);
      await expect.poll(() => assetsStored(page)).toBe(host === 'cors' ? 2 : 0);
      expect(await loaded()).toEqual([areLoaded, areLoaded]);
    },
  );

  const embedderPolicyStored = (page: Page) =>
    page.evaluate(async () => {
      const stored = await caches.match('/precached/index.html', {ignoreSearch: true});
      return stored?.headers.get('cross-origin-embedder-policy');
    });

  it('a precached page has the headers in the cache', async () => {
    const page = await openIsolated(policy, '/precached/');
    expect(await embedderPolicyStored(page)).toBe(policy);
    expect([requestsTo('/precached/'), requestsTo('/precached/index.html')]).toEqual([1, 1]);
  });

  it('a page that was precached without the headers gets them', async () => {
    await (await stage.openControlledPage('isolated')).close();
    const page = await openIsolated(policy, '/precached/');

    expect(await embedderPolicyStored(page)).toBeNull();
    expect(requestsTo('/precached/index.html')).toBe(1);
  });
});

describe('the page of the README of @holdfast/window', () => {
  const WORKERS = {
    routes: `
      import {CrossOriginIsolationPlugin, registerAssets} from '@holdfast/service-worker';
      import {registerRoute} from 'workbox-routing';
      import {CacheFirst, NetworkFirst} from 'workbox-strategies';

      const isolation = new CrossOriginIsolationPlugin();
      registerRoute(
        ({request, sameOrigin}) =>
          sameOrigin && ['document', 'iframe', 'worker', 'sharedworker'].includes(request.destination),
        new NetworkFirst({cacheName: 'pages', plugins: [isolation]}),
      );
      registerRoute(
        ({url}) => url.hostname === 'cdn.jsdelivr.net',
        new CacheFirst({cacheName: 'cdn', plugins: [isolation]}),
      );
      registerAssets([]);
    `,
    precaches: `
      import {CrossOriginIsolationPlugin, registerAssets} from '@holdfast/service-worker';
      import {addPlugins, precacheAndRoute} from 'workbox-precaching';

      self.__WB_MANIFEST = [{url: '/sample.html', revision: '1'}];
      addPlugins([new CrossOriginIsolationPlugin()]);
      precacheAndRoute(self.__WB_MANIFEST);
      registerAssets([]);
    `,
    'has the recipe': `
      import {isolatedPages, registerAssets} from '@holdfast/service-worker';

      registerAssets(isolatedPages());
    `,
  };

  beforeAll(async () => {
    const readme = new URL('../../packages/window/README.md', import.meta.url);
    const samples = Array.from(
      (await readFile(readme, 'utf8')).matchAll(/^```js\n(.*?)^```$/gms),
      ([, code = '']) => code,
    );
    const sample = samples.filter((code) => code.includes('isolate()'));
    expect(sample).toHaveLength(1);
    const code = `import {isolate, register} from '@holdfast/window';\n${sample[0]}\ndocument.title = 'Done';`;
    stage.origins.app.set('/sample.js', await bundle({code}));
    stage.origins.app.set('/sample.html', '<!doctype html><script type="module" src="/sample.js"></script>');
  });

  it.each(Object.entries(WORKERS))('is isolated on a first visit by a worker that %s', async (_, code) => {
    stage.origins.app.set('/sw.js', await bundle({code}));
    const page = await stage.openPage('/sample.html');
    await page.waitForFunction(() => document.title === 'Done' && crossOriginIsolated);
  });
});

describe('isolate', () => {
  const isolate = (page: Page | Frame, limit: object = {}): Promise<string> =>
    page.evaluate(
      (options) =>
        holdfast.isolate(options).then(
          () => 'isolated',
          ({code, message}) => `${code}: ${message}`,
        ),
      limit,
    );

  it('reloads once, and rejects when that does not help', async () => {
    const page = await stage.openControlledPage('holdfast');
    const loaded = page.waitForEvent('load');
    await expect(isolate(page)).rejects.toThrow('navigation');
    await loaded;

    expect(await isolate(page)).toContain(
      'not-isolated: A reload did not make this page cross-origin isolated.',
    );
    expect(await isolate(page)).toContain('not-isolated');
    expect(requestsTo('/')).toBe(2);
  });

  it('rejects in a frame, and leaves the reload to the top page', async () => {
    stage.origins.app.set('/framing/index.html', '<script src="/page.js"></script><iframe src="/"></iframe>');
    const page = await stage.openPage('/framing/');
    await page.evaluate(() => holdfast.register('/isolated.js?require-corp'));
    const [frame] = page.mainFrame().childFrames();
    expect(frame && (await isolate(frame))).toBe(
      'not-isolated: This page is in a frame, which is isolated only with the top page. Call isolate() in the top page.',
    );

    await expect(isolate(page)).rejects.toThrow('navigation');
    await page.waitForFunction(() => crossOriginIsolated);
    await expect.poll(() => page.frames()[1]?.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  const blockStorage = (page: Page) =>
    page.evaluate(() =>
      Object.defineProperty(globalThis, 'sessionStorage', {
        get: () => {
          throw new DOMException('Access is denied.', 'SecurityError');
        },
      }),
    );

  it('works without storage', async () => {
    const page = await stage.openControlledPage('holdfast');
    await blockStorage(page);
    const loaded = page.waitForEvent('load');
    await expect(isolate(page)).rejects.toThrow('navigation');
    await loaded;

    await blockStorage(page);
    expect(await isolate(page)).toContain('not-isolated: A reload did not make this page');
    expect(requestsTo('/')).toBe(2);
  });

  it('reloads once more after a hard reload, and rejects when that does not help', async () => {
    const page = await stage.openControlledPage('holdfast');
    const session = await stage.browser.context.newCDPSession(page);
    const reloads = async (): Promise<string> => {
      const loaded = page.waitForEvent('load');
      const end = await isolate(page).catch(() => 'reloaded');
      await (end === 'reloaded' && loaded);
      return end;
    };
    await session.send('Page.reload', {ignoreCache: true});
    await page.waitForEvent('load');
    await page.evaluate(() => holdfast.register('/holdfast.js').then(() => undefined));

    expect(await reloads()).toBe('reloaded');
    expect(await isolate(page)).toContain('not-isolated');
  });

  it('leaves a page alone that its host isolates', async () => {
    stage.origins.app.set('/by-host/index.html', '<!doctype html><script src="/page.js"></script>', {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    const page = await stage.openPage('/by-host/');
    expect(await isolate(page)).toBe('isolated');
    await blockStorage(page);
    expect(await isolate(page)).toBe('isolated');
    expect(requestsTo('/by-host/')).toBe(1);
  });

  it('does not reload a page that no worker controls', async () => {
    const page = await stage.openPage();
    expect(await isolate(page)).toBe(
      'no-worker: No service worker controls this page. Call register() first.',
    );
    expect(requestsTo('/')).toBe(1);
  });

  it('rejects at the time limit when the reload is prevented', async () => {
    const page = await stage.openControlledPage('holdfast');
    page.on('dialog', (dialog) => void dialog.dismiss());
    await page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()));
    // A browser shows the dialog only on pages that a user has touched.
    await page.mouse.click(1, 1);

    for (const _call of ['first', 'second']) {
      expect(await isolate(page, {timeoutSeconds: 1})).toBe(
        'timeout: Waited 1 s for the page to be reloaded.',
      );
    }
  });
});
