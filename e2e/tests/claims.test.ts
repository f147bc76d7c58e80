/**
 * Each claim, checked on a worker with Holdfast and on a hand-written one. The latter is the control: what a hand-written
 * worker does as well is no claim.
 */
import type {Page} from 'playwright';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openSharedStage(['holdfast', 'handwritten']);
});

afterAll(() => stage.close());

const CURRENT = 'mailwoman-assets-en-us-v0.6.0';

const url = (line: string, version: string): string => stage.assetUrl(`${line}/${version}/tokenizer.model`);

const fetchIn = (page: Page, asset: string, init?: {headers: Record<string, string>}) =>
  page.evaluate(([one, options]) => load(one, options), [asset, init] as const);

const storedIn = (page: Page) => page.evaluate(() => stored());

const whenStored = (page: Page, count: number) =>
  expect.poll(async () => Object.values(await storedIn(page)).flat().length).toBe(count);

/** Switches en-us to v0.7.0, with the message of either worker. The new version has a file with Holdfast, so that it evicts. */
const switchVersion = async (page: Page, worker: string): Promise<unknown> => {
  if (worker === 'holdfast') {
    await fetchIn(page, url('en-us', 'v0.7.0'));
    await expect.poll(async () => (await storedIn(page))['mailwoman-assets-en-us-v0.7.0']).toHaveLength(1);
    return page.evaluate(() => holdfast.line('mailwoman-assets-en-us').switchTo('v0.7.0', {keep: 0}));
  }
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = resolve;
        navigator.serviceWorker.controller?.postMessage({type: 'SWITCH', version: 'v0.7.0'}, [port2]);
      }),
  );
};

/** Each resolves to whether the claim holds. */
const CLAIMS: Record<string, (page: Page, worker: string) => Promise<boolean>> = {
  'a release has its own cache': async (page) => {
    await fetchIn(page, url('en-us', 'v0.6.0'));
    await fetchIn(page, url('en-us', 'v0.7.0'));
    await whenStored(page, 2);
    return (await storedIn(page))[CURRENT]?.length === 1;
  },

  'a switch of one line leaves other lines alone': async (page, worker) => {
    await fetchIn(page, url('de-de', 'v0.6.0'));
    await whenStored(page, 1);
    await switchVersion(page, worker);
    return Object.values(await storedIn(page))
      .flat()
      .includes(url('de-de', 'v0.6.0'));
  },

  'a switch leaves caches of other code alone': async (page, worker) => {
    await page.evaluate(async () =>
      (await caches.open('mailwoman-assetsx')).put('/theirs', new Response('')),
    );
    await switchVersion(page, worker);
    return Object.keys(await storedIn(page)).includes('mailwoman-assetsx');
  },

  'a switch survives a kill of the worker': async (page, worker) => {
    await switchVersion(page, worker);
    await stage.browser.killWorkers();
    await fetchIn(page, url('en-us', 'v0.7.0'));
    await whenStored(page, 1);
    return !Object.keys(await storedIn(page)).includes(CURRENT);
  },

  'a hit shows no signed URL': async (page) => {
    await fetchIn(page, url('en-us', 'v0.6.0'));
    await whenStored(page, 1);
    return (await fetchIn(page, url('en-us', 'v0.6.0'))).url === url('en-us', 'v0.6.0');
  },

  'a stored file answers a request with another Accept': async (page, worker) => {
    // A small file: the Hub itself answers it, with `Vary: Origin, Accept`.
    const config = `${stage.origins.origin.hub}/mailwoman/tiny/resolve/main/config.json`;
    if (worker === 'holdfast') {
      await page.evaluate(() => holdfast.line('mailwoman-assets-main').switchTo('v1', {allowEmpty: true}));
    }
    await fetchIn(page, config, {headers: {accept: 'application/json'}});
    await whenStored(page, 1);
    stage.origins.log.clear();
    await fetchIn(page, config, {headers: {accept: '*/*'}});
    return stage.origins.log.requests({to: 'hub'}).length === 0;
  },

  'a stored file answers a request with another signature': async (page) => {
    const signed: string[] = [];
    for (const visit of [1, 2]) {
      stage.origins.log.clear();
      // This request bypasses the worker, as one of the app's server would.
      await page.request
        .get(`https://127.0.0.1:${stage.origins.port.hub}${new URL(url('en-us', 'v0.6.0')).pathname}`, {
          headers: {host: 'huggingface.co'},
          ignoreHTTPSErrors: true,
          maxRedirects: 0,
        })
        .then((response) => signed.push(response.headers().location ?? ''));
      stage.origins.log.clear();
      await fetchIn(page, signed.at(-1) ?? '');
      if (visit === 1) {
        await whenStored(page, 1);
      }
    }
    return stage.origins.log.requests({to: 'hubCdn'}).length === 0;
  },

  'a request for a part causes no error in the worker': async (page) => {
    await fetchIn(page, url('en-us', 'v0.6.0'), {headers: {range: 'bytes=0-0'}});
    await fetchIn(page, url('en-us', 'v0.7.0'));
    await whenStored(page, 1);
    return !(await page.evaluate(() => events.some(({type}) => type === 'UNHANDLED_REJECTION')));
  },
};

describe.each(Object.entries(CLAIMS))('%s', (_claim, holds) => {
  it.each([
    ['holdfast', true],
    ['handwritten', false],
  ])('%s: %s', async (worker, expected) => {
    await stage.reset();
    const page = await stage.openControlledPage(worker);
    expect(await holds(page, worker)).toBe(expected);
  });
});
