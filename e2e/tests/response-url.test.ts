/** Code finds what is beside it by the URL of a response. Only a URL that holds a secret is hidden. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['assets']);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

const entries = async (): Promise<string[]> => Object.values(await page.evaluate(() => stored())).flat();

/** What a page sees by `fetch` and by XHR. */
const urls = (url: string) =>
  page.evaluate(async (one) => {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', one);
    const loaded = new Promise((resolve) => xhr.addEventListener('load', resolve));
    xhr.send();
    await loaded;
    return [(await load(one)).url, xhr.responseURL];
  }, url);

/** The URLs of the stored responses. */
const storedUrls = () =>
  page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const response of await cache.matchAll()) {
        found.push(response.url);
      }
    }
    return found;
  });

describe.each(['guarded/v1', 'scoped/v1', 'guard-only', 'plain'])('/%s', (folder) => {
  it('shows where a redirect has led, from the network and from the cache', async () => {
    stage.origins.app.set(`/${folder}/d3`, '', {location: `/${folder}/d3@7.9.0/data.json?v=7`});
    stage.origins.app.set(`/${folder}/d3@7.9.0/data.json`, '{}');
    const [asked, final] = [`${stage.app}/${folder}/d3`, `${stage.app}/${folder}/d3@7.9.0/data.json?v=7`];
    expect(await urls(asked)).toEqual([final, final]);
    await expect.poll(entries).toEqual([asked]);
    expect(await urls(asked)).toEqual([final, final]);
    expect(stage.origins.log.requests({path: `/${folder}/d3`}).length).toBeLessThanOrEqual(2);
  });

  it('stores wasm with its URL, by which the browser keeps the compiled code', async () => {
    stage.origins.app.set(`/${folder}/a.wasm`, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    await page.evaluate((url) => load(url), `/${folder}/a.wasm`);
    await expect.poll(storedUrls).toEqual([`${stage.app}/${folder}/a.wasm`]);
  });
});

describe.each(['guarded/v1', 'scoped/v1', 'plain'])('/%s', (folder) => {
  it('stores no URL that holds a secret', async () => {
    const signed = `/files/a.bin?Expires=1&Signature=c2VjcmV0&Key-Pair-Id=K1`;
    stage.origins.app.set(`/${folder}/a.bin`, '', {location: signed});
    stage.origins.app.set('/files/a.bin', 'the asset');
    await page.evaluate((url) => load(url), `/${folder}/a.bin`);
    await expect.poll(storedUrls).toEqual(['']);
    expect(await page.evaluate(async (url) => (await load(url)).url, `/${folder}/a.bin`)).toBe(
      `${stage.app}/${folder}/a.bin`,
    );
  });
});

it('a request that refuses redirects is answered with what was stored behind one', async () => {
  stage.origins.app.set('/scoped/v1/d3', '', {location: '/scoped/v1/d3.json'});
  stage.origins.app.set('/scoped/v1/d3.json', '{}');
  await page.evaluate(() => load('/scoped/v1/d3'));
  await expect.poll(entries).toHaveLength(1);
  await stage.browser.setOffline(true);
  expect(await page.evaluate(() => load('/scoped/v1/d3', {redirect: 'error'}))).toMatchObject({status: 200});
});
