/** Pages that register a worker, ask it, and turn it off. Each promise settles, an error with a reason. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openSharedStage(['holdfast', 'mute', 'removed']);
  stage.origins.app.set('/broken.js', 'throw new Error("This worker cannot be evaluated.");');
  stage.origins.app.set('/page-instead.js', '<!doctype html><title>App</title>', {
    'content-type': 'text/html',
  });
  stage.origins.app.set(
    '/uninstallable.js',
    'oninstall = (event) => event.waitUntil(Promise.reject(new Error("no")));',
  );
  stage.origins.app.set('/below/worker.js', 'onfetch = () => undefined;', {
    'service-worker-allowed': '/below/',
  });
});

afterAll(() => stage.close());

beforeEach(() => stage.reset());

/** Registers in the page. Returns `controlled`, or the code and the message of the error. */
const register = (page: Page, script: string, options: object = {}) =>
  page.evaluate(
    ([url, more]) =>
      holdfast.register(url, more).then(
        () => (navigator.serviceWorker.controller ? 'controlled' : 'not controlled'),
        (error) => ({name: error.name, code: error.code, message: error.message}),
      ),
    [script, options] as const,
  );

describe('register', () => {
  it('resolves when the page is controlled: on the first visit, on the next, and after a hard reload', async () => {
    const page = await stage.openPage();
    expect(await register(page, '/holdfast.js')).toBe('controlled');
    await page.reload();
    expect(await register(page, '/holdfast.js')).toBe('controlled');

    // A reload with Shift.
    const session = await page.context().newCDPSession(page);
    const loaded = page.waitForEvent('load');
    await session.send('Page.reload', {ignoreCache: true});
    await loaded;
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();
    expect(await register(page, '/holdfast.js')).toBe('controlled');
  });

  it('resolves when the worker does not claim its pages by itself', async () => {
    expect(await register(await stage.openPage(), '/mute.js?answers')).toBe('controlled');
  });

  it('waits for its worker where another one controls the page', async () => {
    const page = await stage.openPage();
    stage.origins.app.set('/old.js', 'onactivate = (event) => event.waitUntil(clients.claim());');
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/old.js');
      await navigator.serviceWorker.ready;
    });
    await page.reload();
    expect(await register(page, '/holdfast.js')).toBe('controlled');

    expect(await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)).toBe(
      `${stage.app}/holdfast.js`,
    );
    expect(await page.evaluate(() => holdfast.releases())).toEqual([]);
  });

  it('is unsupported in a sandboxed frame', async () => {
    const page = await stage.openPage();
    const code = await page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('message', ({data}) => resolve(data));
          const frame = document.createElement('iframe');
          frame.setAttribute('sandbox', 'allow-scripts');
          frame.srcdoc = `<script src="/page.js"></script><script>
            holdfast.register('/holdfast.js').catch(({code}) => parent.postMessage(code, '*'));
          </script>`;
          document.body.append(frame);
        }),
    );
    expect(code).toBe('unsupported');
  });

  it('resolves in many pages at once', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map(() => stage.openPage()));
    const ends = await Promise.all(pages.map((page) => register(page, '/holdfast.js')));
    expect(ends).toEqual(Array(4).fill('controlled'));
  });

  it.each([
    ['there is no such script', '/missing.js', 'registration-failed', 'The worker was not registered: '],
    ['the script throws', '/broken.js', 'registration-failed', 'The worker was not registered: '],
    [
      'a page is in its place',
      '/page-instead.js',
      'registration-failed',
      'There is a page at its URL, no script.',
    ],
    ['the installation fails', '/uninstallable.js', 'install-failed', 'its installation failed'],
    [
      'the scope does not cover the page',
      '/below/worker.js',
      'out-of-scope',
      '/below/, which does not cover this page',
    ],
  ])('rejects at once when %s', async (_why, script, code, message) => {
    const error = await register(await stage.openPage(), script);
    expect(error).toMatchObject({name: 'HoldfastError', code, message: expect.stringContaining(message)});
  });

  describe('where an older worker without Holdfast controls the page', () => {
    let page: Page;

    beforeEach(async () => {
      stage.origins.app.set('/app.js', 'onfetch = () => undefined;');
      page = await stage.openPage();
      await page.evaluate(async () => {
        await navigator.serviceWorker.register('/app.js');
        await navigator.serviceWorker.ready;
      });
      await page.reload();
      stage.origins.app.set('/app.js', await bundle('workers/waiting.ts'));
    });

    it('rejects, and says that the new worker waits', async () => {
      expect(await register(page, '/app.js')).toMatchObject({
        code: 'waiting',
        message: expect.stringContaining('call register(url, {activateWaiting: true})'),
      });
    });

    it('activates the new worker where that is wanted', async () => {
      expect(await register(page, '/app.js', {activateWaiting: true})).toBe('controlled');
      expect(await page.evaluate(() => holdfast.releases())).toEqual([]);
    });

    it('resolves where no new worker waits', async () => {
      stage.origins.app.set('/app.js', 'onfetch = () => undefined;');
      expect(await register(page, '/app.js')).toBe('controlled');
    });
  });

  it('rejects at the time limit when the worker never takes control', async () => {
    const page = await stage.openPage();
    const received = await page.evaluateHandle(() => ({
      message: new Promise((resolve) => {
        new BroadcastChannel('received').onmessage = resolve;
      }),
    }));
    const registered = register(page, '/mute.js');
    await received.evaluate(({message}) => message.then(() => undefined));
    await page.evaluate(() => elapse(20_000));
    expect(await registered).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining(
        'Waited 20 s for the worker to take control of the page. Does the worker call registerAssets(), or was it generated with withHoldfast()?',
      ),
    });
  });
});

describe('a question to the worker', () => {
  /** Run in a page. Playwright drops the fields of an error. */
  const listReleases = (page: Page, options: {timeoutSeconds?: number} = {}) =>
    page.evaluate((limit) => holdfast.releases(limit).catch(({code, message}) => ({code, message})), options);

  it('is rejected at once where there is no worker', async () => {
    expect(await listReleases(await stage.openPage())).toMatchObject({code: 'no-worker'});
  });

  it('has a time limit when the worker does not answer', async () => {
    const page = await stage.openPage();
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/mute.js');
      await navigator.serviceWorker.ready;
    });
    expect(await listReleases(page, {timeoutSeconds: 0.3})).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining("Waited 0.3 s for the worker's answer"),
    });
  });

  it('about an unknown line is refused with the lines of the worker', async () => {
    const page = await stage.openControlledPage('holdfast');
    const error = await page.evaluate(() =>
      holdfast
        .line('theirs')
        .current()
        .catch(({code, message}) => ({code, message})),
    );
    expect(error).toMatchObject({
      code: 'refused',
      message: expect.stringMatching(
        /no route has the line \{"name":"theirs"\}.*'mailwoman-assets' \(locale\)/,
      ),
    });
  });

  it.each([
    [{type: 'HOLDFAST_SWITCH_VERSION'}, 'payload.line.name must be a'],
    [{type: 'HOLDFAST_SWITCH_VERSION', payload: null}, 'payload.line.name must be a'],
    [{type: 'HOLDFAST_SWITCH_VERSION', payload: {line: {name: 7}, version: 'v1'}}, 'but got 7.'],
    [{type: 'HOLDFAST_SWITCH_VERSION', payload: {line: {name: 'docs'}}}, 'payload.version must be a'],
    [{type: 'HOLDFAST_CURRENT_VERSION', payload: {line: 'docs'}}, 'payload.line.name must be a'],
    [{type: 'HOLDFAST_CURRENT_VERSION', payload: 'docs'}, 'payload.line.name must be a'],
  ])('that is malformed (%j) is answered with what is wrong', async (message, reason) => {
    const page = await stage.openControlledPage('holdfast');
    const answer = await page.evaluate(
      (data) =>
        new Promise((resolve) => {
          const {port1, port2} = new MessageChannel();
          port1.onmessage = ({data: reply}) => resolve(reply);
          navigator.serviceWorker.controller?.postMessage(data, [port2]);
        }),
      message,
    );
    expect(answer).toEqual({
      type: 'HOLDFAST_ERROR',
      payload: {message: expect.stringContaining(`${message.type}: `)},
    });
    expect(JSON.stringify(answer)).toContain(reason);
  });

  it.each([[{type: 'SKIP_WAITING'}], ['hello'], [null], [{type: 'constructor'}], [{type: {}}]])(
    'of another library (%j) is left alone',
    async (message) => {
      const page = await stage.openControlledPage('holdfast');
      const answered = await page.evaluate(async (data) => {
        const {port1, port2} = new MessageChannel();
        let answers = 0;
        port1.onmessage = () => answers++;
        navigator.serviceWorker.controller?.postMessage(data, [port2]);
        // Messages are answered in order: an answer would have come before this one.
        await holdfast.releases();
        return answers;
      }, message);
      expect(answered).toBe(0);
    },
  );
});

describe('persist', () => {
  it('returns what the browser decides', async () => {
    const page = await stage.openPage();
    await stage.browser.setPersistence(stage.app, 'denied');
    expect(await page.evaluate(() => holdfast.persist())).toBe(false);
    await stage.browser.setPersistence(stage.app, 'granted');
    expect(await page.evaluate(() => holdfast.persist())).toBe(true);
  });
});

describe('turnOff', () => {
  const fill = async (page: Page): Promise<string> => {
    const url = stage.assetUrl('de-de/v0.6.0/tokenizer.model');
    await page.evaluate((one) => load(one), url);
    await expect
      .poll(() => page.evaluate(() => stored()))
      .toMatchObject({'mailwoman-assets-de-de-v0.6.0': [url]});
    await page.evaluate(async () => (await caches.open('theirs')).put('/theirs', new Response('theirs')));
    return url;
  };

  const workers = (page: Page) =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

  it('deletes the caches of releases, unregisters the worker, and leaves the rest', async () => {
    const page = await stage.openControlledPage('holdfast');
    const url = await fill(page);
    expect(await page.evaluate(() => holdfast.turnOff())).toEqual(['mailwoman-assets-de-de-v0.6.0']);

    // The worker controls this page until it is reloaded, and stores nothing more.
    expect((await page.evaluate((one) => load(one), url)).status).toBe(200);
    const reason = () =>
      page.evaluate(() => events.find(({type}) => type === 'ASSET_NOT_STORED')?.payload.reason);
    await expect.poll(reason).toBe('turned-off');
    expect(await page.evaluate(() => stored())).toEqual({theirs: [`${stage.app}/theirs`]});
    await page.reload();
    expect(await workers(page)).toBe(0);
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();

    expect(await register(page, '/holdfast.js')).toBe('controlled');
    await fill(page);
  });

  it('is undone by registering again, also while the old worker controls a page', async () => {
    const page = await stage.openControlledPage('holdfast');
    await page.evaluate(() => holdfast.turnOff());
    expect(
      await page.evaluate(() =>
        holdfast
          .line('docs')
          .switchTo('v1')
          .catch(({message}) => message),
      ),
    ).toContain('turned off');
    expect(await register(page, '/holdfast.js')).toBe('controlled');

    await fill(page);
  });

  it('does nothing where nothing is registered', async () => {
    expect(await (await stage.openPage()).evaluate(() => holdfast.turnOff())).toEqual([]);
  });

  it('leaves a worker alone that does not answer, since another library may own it', async () => {
    const page = await stage.openPage();
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/mute.js');
      await navigator.serviceWorker.ready;
    });
    const error = await page.evaluate(() => holdfast.turnOff({timeoutSeconds: 0.3}).catch(({code}) => code));
    expect(error).toBe('timeout');
    await page.reload();
    expect(await workers(page)).toBe(1);
  });

  it('leaves the caches of another app on the same origin', async () => {
    const page = await stage.openControlledPage('holdfast');
    await page.evaluate(() => holdfast.line('docs').switchTo('v1', {allowEmpty: true}));
    stage.origins.app.set('/other/index.html', '<!doctype html><script src="/page.js"></script>');
    stage.origins.app.set('/other/worker.js', await bundle('workers/opaqueAllowed.ts'));
    const other = await stage.openPage('/other/');
    expect(await register(other, '/other/worker.js')).toBe('controlled');
    await other.evaluate(() => holdfast.line('opaque').switchTo('v1', {allowEmpty: true}));
    expect((await other.evaluate(() => holdfast.releases())).map(({line}) => line)).toEqual(['opaque']);
    await other.evaluate(() => holdfast.turnOff());

    await stage.browser.killWorkers();
    expect(await page.evaluate(() => holdfast.line('docs').current())).toBe('v1');
  });

  it('can be replaced by publishing a worker that removes itself', async () => {
    stage.origins.app.set('/app.js', await bundle('workers/holdfast.ts'));
    const page = await stage.openControlledPage('app');
    await fill(page);
    const other = await stage.openPage();
    stage.origins.app.set('/app.js', await bundle('workers/removed.ts'));
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());

    await expect.poll(() => page.evaluate(() => stored())).toEqual({theirs: [`${stage.app}/theirs`]});
    await expect.poll(() => workers(page)).toBe(0);
    await page.reload();
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull();

    // A page cannot register it again while it still controls another page.
    expect(await register(page, '/app.js', {timeoutSeconds: 10})).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('taken out of service'),
    });
    await page.close();
    await other.close();
    const fresh = await stage.openPage();
    await expect.poll(() => workers(fresh)).toBe(0);
  });
});
