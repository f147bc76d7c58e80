/**
 * What we claim, put to our worker and to the one that teams write by hand. The control keeps the claims
 * honest: a claim that a hand-written worker keeps as well is none.
 */
import type {Page} from 'playwright';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {openStage, type Stage} from '../harness/openStage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage(['holdfast', 'handwritten']);
});

afterAll(() => stage.close());

const CURRENT = 'mailwoman-assets-en-us-v0.6.0';

const url = (line: string, version: string): string => stage.assetUrl(`${line}/${version}/tokenizer.model`);

const fetchIn = (page: Page, asset: string, init?: {headers: Record<string, string>}) =>
  page.evaluate(([one, options]) => load(one, options), [asset, init] as const);

const storedIn = (page: Page) => page.evaluate(() => stored());

const whenStored = (page: Page, count: number) =>
  expect.poll(async () => Object.values(await storedIn(page)).flat().length).toBe(count);

/** Switches en-us to v0.7.0 in the words of either worker. */
const switchVersion = (page: Page, worker: string): Promise<unknown> =>
  worker === 'holdfast'
    ? page.evaluate(() => holdfast.switchVersion('mailwoman-assets-en-us', 'v0.7.0'))
    : page.evaluate(
        () =>
          new Promise((resolve) => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = resolve;
            navigator.serviceWorker.controller?.postMessage({type: 'SWITCH', version: 'v0.7.0'}, [port2]);
          }),
      );

/** Each resolves to whether the claim is kept. */
const CLAIMS: Record<string, (page: Page, worker: string) => Promise<boolean>> = {
  'a release is in a cache of its own': async (page) => {
    await fetchIn(page, url('en-us', 'v0.6.0'));
    await fetchIn(page, url('en-us', 'v0.7.0'));
    await whenStored(page, 2);
    return (await storedIn(page))[CURRENT]?.length === 1;
  },

  'a switch of one line leaves the other lines': async (page, worker) => {
    await fetchIn(page, url('de-de', 'v0.6.0'));
    await whenStored(page, 1);
    await switchVersion(page, worker);
    return Object.values(await storedIn(page)).flat().length === 1;
  },

  'a switch leaves the caches of others': async (page, worker) => {
    await page.evaluate(async () =>
      (await caches.open('mailwoman-assetsx')).put('/theirs', new Response('')),
    );
    await switchVersion(page, worker);
    return Object.keys(await storedIn(page)).includes('mailwoman-assetsx');
  },

  'a switch is remembered by a worker that was killed': async (page, worker) => {
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

  'a file is found again with another Accept': async (page, worker) => {
    // A small file, which the Hub itself answers, with `Vary: Origin, Accept`.
    const config = `${stage.origins.origin.hub}/mailwoman/tiny/resolve/main/config.json`;
    if (worker === 'holdfast') {
      await page.evaluate(() => holdfast.switchVersion('mailwoman-assets-main', 'v1'));
    }
    await fetchIn(page, config, {headers: {accept: 'application/json'}});
    await whenStored(page, 1);
    stage.origins.log.clear();
    await fetchIn(page, config, {headers: {accept: '*/*'}});
    return stage.origins.log.requests({to: 'hub'}).length === 0;
  },

  'a file is found again under another signature': async (page) => {
    const signed: string[] = [];
    for (const visit of [1, 2]) {
      stage.origins.log.clear();
      // The Hub is asked round the worker for a signed URL, as a server of the app may do.
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

  'a part of a file is never an error in the worker': async (page) => {
    await fetchIn(page, url('en-us', 'v0.6.0'), {headers: {range: 'bytes=0-0'}});
    await fetchIn(page, url('en-us', 'v0.7.0'));
    await whenStored(page, 1);
    return !(await page.evaluate(() => events.some(({type}) => type === 'UNHANDLED_REJECTION')));
  },
};

describe.each(Object.entries(CLAIMS))('%s', (_claim, isKept) => {
  it.each([
    ['holdfast', true],
    ['handwritten', false],
  ])('%s: %s', async (worker, kept) => {
    await stage.reset();
    const page = await stage.openControlledPage(worker);
    expect(await isKept(page, worker)).toBe(kept);
  });
});
