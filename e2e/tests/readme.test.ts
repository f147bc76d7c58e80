/** The samples of the README, run as they are. Only the assets in them are replaced by those of the local origins. */
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import type {Page} from 'playwright';
import {afterAll, afterEach, beforeAll, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {readmeSamples} from '../harness/readmeSamples.ts';

/** What a user writes, by its place in the README. */
interface Samples {
  register: string;
  config: string;
  stage: string;
  download: string;
  worker: string;
}

const INDEX = '<!doctype html><title>App</title>';

const E2E = new URL('../', import.meta.url);

let stage: Stage;
let samples: Samples;

/** A build takes a while on a busy machine. */
const TIMEOUT = 240_000;

/** Runs a configuration as a build does, in a project of its own. Returns the code of its worker. */
const build = async (config: string): Promise<string> => {
  // Below e2e, so that Node finds the packages.
  const project = await mkdtemp(fileURLToPath(new URL('.readme-', E2E)));
  try {
    await mkdir(`${project}/dist`);
    await writeFile(`${project}/dist/index.html`, INDEX);
    await writeFile(`${project}/config.mjs`, config);
    const script =
      "import {generateSW} from 'workbox-build'; import config from './config.mjs'; await generateSW(config);";
    await writeFile(`${project}/build.mjs`, script);
    // In half the time of a production build, which other tests have.
    const env = {...process.env, NODE_ENV: 'development'};
    await promisify(execFile)(process.execPath, ['build.mjs'], {cwd: project, env});
    for (const file of await readdir(`${project}/dist`)) {
      if (/^workbox-\w+\.js$/.test(file)) {
        stage.origins.app.set(`/${file}`, await readFile(`${project}/dist/${file}`));
      }
    }
    stage.origins.app.set('/index.html', INDEX);
    return await readFile(`${project}/dist/sw.js`, 'utf8');
  } finally {
    await rm(project, {recursive: true});
  }
};

const builds = new Map<string, Promise<string>>();

/** Builds each configuration once. */
const generate = (config: string): Promise<string> => {
  const built = builds.get(config) ?? build(config);
  builds.set(config, built);
  return built;
};

beforeAll(async () => {
  stage = await openSharedStage([]);
  const found = (await readmeSamples('js')).map((code) => code.replaceAll('acme/assets', 'mailwoman/assets'));
  expect(found).toHaveLength(5);
  const [register = '', config = '', stageSample = '', download = '', worker = ''] = found;
  samples = {register, config, stage: stageSample, download, worker};
  for (const [name, sample] of Object.entries({register, stage: stageSample, download})) {
    // A page registers the worker before everything else.
    const code = name === 'register' ? sample : `${register}\n${sample}`;
    const html = `<!doctype html><script type="module" src="/${name}.js"></script>`;
    stage.origins.app.set(`/${name}.js`, await bundle({code: `${code}\ndocument.title = 'Done';`}));
    stage.origins.app.set(`/${name}.html`, html);
  }
});

afterAll(() => stage.close());

afterEach(() => stage.reset());

/** Opens a page with a sample, and waits until the sample has run. Expects no warnings and no errors. */
const run = async (sample: 'register' | 'stage' | 'download'): Promise<Page> => {
  const page = await stage.browser.context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && problems.push(message.text()));
  page.on('pageerror', ({message}) => problems.push(message));
  await page.goto(`${stage.app}/${sample}.html`);
  await expect.poll(async () => [await page.title(), ...problems]).toEqual(['Done']);
  return page;
};

const keysIn = (page: Page, cacheName: string): Promise<string[]> =>
  page.evaluate(
    async (name) =>
      (await caches.has(name)) ? (await (await caches.open(name)).keys()).map(({url}) => url) : [],
    cacheName,
  );

const sizeOf = (page: Page, url: string): Promise<number> =>
  page.evaluate(async (one) => (await (await fetch(one)).arrayBuffer()).byteLength, url);

interface Wanted {
  isResumable?: boolean;
}

/** Each returns the code of its worker. */
const workers: [string, (wanted?: Wanted) => Promise<string>][] = [
  [
    'the configuration',
    ({isResumable} = {}) =>
      generate(
        isResumable
          ? samples.config.replace(":version/*'}", ":version/*', resumable: true}")
          : samples.config,
      ),
  ],
  ['the worker', () => bundle({code: samples.worker})],
];

it.each(workers)(
  '%s stores a file on its first load, and serves it without the network',
  async (_, make) => {
    stage.origins.app.set('/sw.js', await make());
    const page = await run('register');
    const url = stage.assetUrl('en-us/v0.7.0/tokenizer.model');
    const {size} = stage.file('en-us/v0.7.0/tokenizer.model');
    expect(await sizeOf(page, url)).toBe(size);
    await expect.poll(() => keysIn(page, 'models-en-us-v0.7.0')).toEqual([url]);

    await stage.browser.clearHttpCache();
    stage.origins.log.clear();
    expect(await sizeOf(page, url)).toBe(size);
    expect(stage.origins.log.requests({to: 'hub'})).toEqual([]);
  },
  TIMEOUT,
);

it.each(workers)(
  '%s stages a release for the page, and switches to it',
  async (_, make) => {
    stage.origins.app.set('/sw.js', await make());
    const {files} = stage.release('en-us', 'v0.7.0');
    const assets = files.map(({path, size, sha256}) => ({path: stage.assetUrl(path), size, sha256}));
    stage.origins.app.set('/models-v0.7.0.json', JSON.stringify({holdfast: 1, assets}));

    const page = await run('stage');
    expect((await keysIn(page, 'models-en-us-v0.7.0')).sort()).toEqual(assets.map(({path}) => path).sort());
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    const [{path = '', size = 0} = {}] = files;
    expect(await sizeOf(page, stage.assetUrl(path))).toBe(size);
  },
  TIMEOUT,
);

it.each(workers)(
  '%s downloads a file for the page, if its route is resumable',
  async (_, make) => {
    stage.origins.app.set('/sw.js', await make({isResumable: true}));
    const page = await run('download');
    const {path, size} = stage.file('en-us/v0.7.0/model.onnx');
    const url = stage.assetUrl(path);
    expect(await keysIn(page, 'models-en-us-v0.7.0')).toEqual([url]);
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    expect(await sizeOf(page, url)).toBe(size);
  },
  TIMEOUT,
);
