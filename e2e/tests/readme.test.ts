/** What the README says to copy, copied. */
import {readFile} from 'node:fs/promises';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openStage, type Stage} from '../harness/openStage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage([]);
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const [worker = '', page = ''] = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(
    ([, code]) => code ?? '',
  );
  stage.origins.app.set('/sw.js', await bundle({code: worker}));
  stage.origins.app.set('/sample.js', await bundle({code: `${page}\ndocument.title = 'Done';`}));
  stage.origins.app.set('/sample.html', '<!doctype html><script type="module" src="/sample.js"></script>');
});

afterAll(() => stage.close());

it('makes a page that loads without the network from the second time on', async () => {
  const page = await stage.browser.context.newPage();
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await page.goto(`${stage.app}/sample.html`);
  await expect.poll(() => page.title()).toBe('Done');
  expect(warnings).toEqual([]);

  const url = 'https://huggingface.co/buckets/mailwoman/assets/resolve/en-us/v0.7.0/tokenizer.model';
  const load = () => page.evaluate(async (one) => (await (await fetch(one)).arrayBuffer()).byteLength, url);
  expect(await load()).toBe(1_000_000);
  const stored = () =>
    page.evaluate(async (one) => (await caches.match(one, {cacheName: 'models-en-us-v0.7.0'}))?.status, url);
  await expect.poll(stored).toBe(200);
  await stage.browser.clearHttpCache();
  stage.origins.log.clear();
  expect(await load()).toBe(1_000_000);
  expect(stage.origins.log.requests({to: 'hub'})).toEqual([]);
});
