/** What the README says to copy, copied. */
import {execFile} from 'node:child_process';
import {readFile, rm} from 'node:fs/promises';
import {promisify} from 'node:util';
import {afterAll, afterEach, beforeAll, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openStage, type Stage} from '../harness/openStage.ts';

let stage: Stage;
let config: string;
let worker: string;
let release: string;

/** The README speaks to a project whose root is the working directory: that is this package for the while. */
const PROJECT = new URL('../', import.meta.url);
const OUTPUT = new URL('dist/', PROJECT);

beforeAll(async () => {
  stage = await openStage([]);
  const readme = await readFile(new URL('../README.md', PROJECT), 'utf8');
  const samples = [...readme.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
  expect(samples).toHaveLength(4);
  const [, , page = ''] = samples;
  [config = '', worker = '', , release = ''] = samples;
  stage.origins.app.set('/sample.js', await bundle({code: `${page}\ndocument.title = 'Done';`}));
  stage.origins.app.set('/sample.html', '<!doctype html><script type="module" src="/sample.js"></script>');
});

afterAll(() => stage.close());

afterEach(() => stage.reset());

/** Runs the configuration, as Node does from its command line. */
const generate = async (): Promise<string> => {
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', config], {cwd: PROJECT});
  const generated = await readFile(new URL('sw.js', OUTPUT), 'utf8');
  for (const [, runtime] of generated.matchAll(/['"]\.\/(workbox-[\da-f]+)['"]/g)) {
    stage.origins.app.set(`/${runtime}.js`, await readFile(new URL(`${runtime}.js`, OUTPUT), 'utf8'));
  }
  await rm(OUTPUT, {recursive: true});
  return generated;
};

it.each([
  ['the configuration', generate],
  ['the worker', () => bundle({code: worker})],
])('makes a page that loads without the network from the second time on: with %s', async (_, make) => {
  stage.origins.app.set('/sw.js', await make());
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

it('brings a release in, whole, and makes it current', async () => {
  const {app} = stage.origins;
  const lines = `${worker}\nimport {handleReleaseMessages} from '@holdfast/service-worker/releases/stage'; handleReleaseMessages();`;
  app.set('/sw.js', await bundle({code: lines}));
  app.set('/release.js', await bundle({code: `${release}\ndocument.title = 'Done';`}));
  app.set('/release.html', '<!doctype html><script type="module" src="/release.js"></script>');
  const {files} = stage.release('en-us', 'v0.7.0');
  const assets = files.map(({path, size, sha256}) => ({path: stage.assetUrl(path), size, sha256}));
  app.set('/models-en-us-v0.7.0.json', JSON.stringify({holdfast: 1, assets}));

  const page = await stage.browser.context.newPage();
  await page.goto(`${stage.app}/sample.html`);
  await expect.poll(() => page.title()).toBe('Done');
  await page.goto(`${stage.app}/release.html`);
  await expect.poll(() => page.title()).toBe('Done');
  const keys = await page.evaluate(
    async () => (await (await caches.open('models-en-us-v0.7.0')).keys()).length,
  );
  expect(keys).toBe(files.length);
});
