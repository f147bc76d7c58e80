/** A worker whose Content Security Policy has fewer hosts than that of its pages: what pages may load, they still get. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage([]);
  const code = `
    import {QuotaGuardPlugin, registerAssets, StableKeyPlugin} from '@holdfast/service-worker';
    import {CacheFirst} from 'workbox-strategies';

    registerAssets([{
      urlPattern: /^https?:.*\\/script\\.js/,
      handler: new CacheFirst({cacheName: 'scripts', plugins: [new StableKeyPlugin(), new QuotaGuardPlugin()]}),
    }]);
    self.addEventListener('install', () => self.skipWaiting());
    self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  `;
  const policy = `default-src 'self'; connect-src 'self'; script-src 'self' ${stage.origins.origin.cors}`;
  stage.origins.app.set('/policy.js', await bundle({code}), {'content-security-policy': policy});
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage('policy');
});

const runScript = (src: string): Promise<boolean> =>
  page.evaluate(
    (url) =>
      new Promise<boolean>((resolve) => {
        const script = document.createElement('script');
        script.onload = () => resolve(true);
        script.onerror = () => resolve(false);
        script.src = url;
        document.head.append(script);
      }),
    src,
  );

const requests = () => stage.origins.log.requests({to: 'cors', path: '/script.js'}).length;

it('a script of a host that the policy blocks for the worker runs, at the first time and later', async () => {
  const script = `${stage.origins.origin.cors}/script.js`;
  expect(await runScript(script)).toBe(true);
  expect(requests()).toBe(1);
  expect(await runScript(`${script}?again`)).toBe(true);
  expect(await page.evaluate(() => stored())).toEqual({});
});

it('also when the worker was killed meanwhile', async () => {
  const script = `${stage.origins.origin.cors}/script.js`;
  expect(await runScript(script)).toBe(true);
  await stage.browser.killWorkers();
  expect(await runScript(`${script}?again`)).toBe(true);
});

it('an error of the network stays one', async () => {
  stage.origins.app.set('/script.js', 'globalThis.ownScriptRuns = true;', {
    'content-type': 'text/javascript',
  });
  expect(await runScript(`${stage.app}/script.js`)).toBe(true);
  await stage.browser.setOffline(true);
  expect(await runScript(`${stage.app}/script.js?other`)).toBe(false);
  await stage.browser.setOffline(false);
});
