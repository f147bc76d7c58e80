/** One route in each kind of build. All workers behave the same. */
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {
  huggingFace,
  isolatedPages,
  pyodide,
  quotaGuard,
  stableKey,
  versionScope,
  withHoldfast,
} from '@holdfast/build';
import type {Page} from 'playwright';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {generateSW} from 'workbox-build';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {publishFolder} from '../harness/publishFolder.ts';
import type {ContentFile} from '../origins/startOrigins.ts';

/** A built project, and the folder to serve. */
interface Project {
  name: string;
  open: () => Promise<string>;
}

const EXAMPLES = fileURLToPath(new URL('../../demo/examples/', import.meta.url));

const examples: Project[] = (await readdir(EXAMPLES)).map((name) => ({
  name: `the example ${name}`,
  open: async () => join(EXAMPLES, name, 'dist'),
}));

const INDEX = `<!doctype html><title>Example</title><script>navigator.serviceWorker.register('/sw.js')</script>`;

/** The route of the examples, with its plugins in another order. */
const route = {
  urlPattern: /^https:\/\/huggingface\.co\/buckets\//,
  handler: 'CacheFirst' as const,
  options: {
    plugins: [
      versionScope({prefix: 'models', pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//}),
      quotaGuard(),
      stableKey(),
    ],
    expiration: {maxEntries: 3},
    cacheName: 'models',
  },
};

const folder = await mkdtemp(join(tmpdir(), 'holdfast-builds-'));

const generated: Project[] = ['production', 'development'].flatMap((mode) =>
  [true, false].map((inlineWorkboxRuntime) => ({
    name: `generateSW in ${mode} with Workbox's runtime ${inlineWorkboxRuntime ? 'inside' : 'outside'}`,
    open: async () => {
      const globDirectory = await mkdtemp(join(folder, 'project-'));
      await writeFile(join(globDirectory, 'index.html'), INDEX);
      await generateSW(
        withHoldfast({
          mode,
          inlineWorkboxRuntime,
          globDirectory,
          globPatterns: ['*.html'],
          swDest: join(globDirectory, 'sw.js'),
          skipWaiting: true,
          clientsClaim: true,
          runtimeCaching: [route],
        }),
      );
      return globDirectory;
    },
  })),
);

let stage: Stage;
/** The script of the tests' pages. Tests add it to the page, since offline no host serves it. */
let inPage: string;

beforeAll(async () => {
  stage = await openSharedStage([]);
  inPage = await bundle('page.ts');
});

afterAll(async () => {
  await stage.close();
  await rm(folder, {recursive: true});
});

/** Waits for the worker that the project's page registers. */
const whenControlled = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  await page.addScriptTag({content: inPage});
};

describe.each([...examples, ...generated])('$name', ({open}) => {
  let page: Page;

  const files = (version: string) => stage.release('de-de', version).files;

  /** Loads a file by another spelling of its URL than its key. */
  const loadFile = async ({path, sha256}: ContentFile): Promise<void> => {
    const loaded = await page.evaluate((url) => load(url), `${stage.assetUrl(path)}?download=true`);
    expect(loaded).toMatchObject({status: 200, sha256});
  };

  const storedIn = async (cacheName: string): Promise<string[]> =>
    (await page.evaluate(() => stored()))[cacheName] ?? [];

  const outgoing = () => stage.origins.log.requests().filter(({to}) => to !== 'app');

  beforeAll(async () => {
    await stage.reset();
    await publishFolder(stage.origins.app, await open());
    page = await stage.browser.context.newPage();
    await page.goto(`${stage.app}/`);
    await whenControlled(page);
  });

  it('stores a release in its own cache under stable keys, and expires the oldest files', async () => {
    const keys = files('v0.6.0').map(({path}) => stage.assetUrl(path));
    for (const [index, file] of files('v0.6.0').entries()) {
      await loadFile(file);
      await expect
        .poll(() => storedIn('models-de-de-v0.6.0'))
        .toEqual(keys.slice(Math.max(0, index - 2), index + 1));
    }
    expect(await storedIn('models')).toEqual([]);
  });

  it('stores only complete answers, and reports why not', async () => {
    const missing = stage.assetUrl('de-de/v0.6.0/missing.bin');

    expect(await page.evaluate((url) => load(url), missing)).toMatchObject({status: 404});

    await expect
      .poll(() => page.evaluate(() => events.find(({type}) => type === 'RESPONSE_REFUSED')?.payload))
      .toMatchObject({key: missing, reason: 'status', status: 404});
    expect(await storedIn('models-de-de-v0.6.0')).not.toContain(missing);
  });

  it('serves page and files offline', async () => {
    await stage.browser.clearHttpCache();
    await stage.browser.setOffline(true);
    stage.origins.log.clear();

    await page.reload();
    await whenControlled(page);
    for (const file of files('v0.6.0').slice(-3)) {
      await loadFile(file);
    }

    expect(outgoing()).toEqual([]);
    await stage.browser.setOffline(false);
  });

  it('answers messages about versions', async () => {
    const [file] = files('v0.7.0');
    await loadFile(file as ContentFile);
    await expect.poll(() => storedIn('models-de-de-v0.7.0')).toEqual([stage.assetUrl(file?.path ?? '')]);
    expect(
      await page.evaluate(() => holdfast.line('models-de-de').switchTo('v0.7.0', {keep: 0})),
    ).toMatchObject({evicted: ['v0.6.0'], kept: []});

    expect(await page.evaluate(() => holdfast.line('models-de-de').current())).toBe('v0.7.0');
    expect(Object.keys(await page.evaluate(() => stored()))).not.toContain('models-de-de-v0.6.0');
    expect(await storedIn('models-de-de-v0.7.0')).toEqual([stage.assetUrl(file?.path ?? '')]);
    const [, other] = files('v0.7.0');
    await loadFile(other as ContentFile);
    await expect.poll(() => storedIn('models-de-de-v0.7.0')).toHaveLength(2);
  });
});

describe('recipes in a configuration', () => {
  it('work as in a hand-written worker, and isolate precached pages', async () => {
    await stage.reset();
    const globDirectory = await mkdtemp(join(folder, 'project-'));
    await writeFile(join(globDirectory, 'index.html'), INDEX);
    await generateSW(
      withHoldfast({
        globDirectory,
        globPatterns: ['*.html'],
        swDest: join(globDirectory, 'sw.js'),
        skipWaiting: true,
        clientsClaim: true,
        runtimeCaching: [...pyodide(), ...huggingFace(), ...isolatedPages()],
      }),
    );
    await publishFolder(stage.origins.app, globDirectory);
    const page = await stage.browser.context.newPage();
    await page.goto(`${stage.app}/`);
    await whenControlled(page);

    const lockFile = `${stage.origins.origin.jsdelivr}/pyodide/v314.0.7/full/pyodide-lock.json`;
    expect(await page.evaluate((url) => load(url), lockFile)).toMatchObject({status: 200});
    await expect.poll(() => page.evaluate(() => stored())).toMatchObject({'pyodide-314.0.7': [lockFile]});

    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  });

  it('isolate only precached pages that the route matches, and let the page register', async () => {
    await stage.reset();
    const globDirectory = await mkdtemp(join(folder, 'project-'));
    for (const page of ['index.html', 'threads.html', 'signin.html']) {
      await writeFile(join(globDirectory, page), '<!doctype html><title>Page</title>');
    }
    // Without `clientsClaim`: the worker takes control when the page asks for it.
    await generateSW(
      withHoldfast({
        globDirectory,
        globPatterns: ['*.html'],
        swDest: join(globDirectory, 'sw.js'),
        runtimeCaching: isolatedPages({only: '*/threads.html'}),
      }),
    );
    await publishFolder(stage.origins.app, globDirectory);
    const page = await stage.browser.context.newPage();
    await page.goto(`${stage.app}/`);
    await page.addScriptTag({content: inPage});
    await page.evaluate(() => holdfast.register('/sw.js').then(() => undefined));

    const isIsolated = async (path: string): Promise<boolean> => {
      await page.goto(stage.app + path);
      return page.evaluate(() => crossOriginIsolated);
    };
    expect([await isIsolated('/threads.html'), await isIsolated('/signin.html')]).toEqual([true, false]);
  });
});

it('a generated worker with `staging: true` stages releases', async () => {
  const project = await mkdtemp(join(folder, 'staging-'));
  await writeFile(join(project, 'index.html'), INDEX);
  const config = {
    globDirectory: project,
    globPatterns: ['*.html'],
    swDest: join(project, 'sw.js'),
    skipWaiting: true,
    clientsClaim: true,
    // Expiration would delete files of a staged release.
    runtimeCaching: [{...route, options: {...route.options, expiration: undefined}}],
  };
  await generateSW(withHoldfast(config, {staging: true}));
  await stage.reset();
  await publishFolder(stage.origins.app, project);
  const page = await stage.browser.context.newPage();
  await page.goto(`${stage.app}/`);
  await whenControlled(page);

  const {files} = stage.release('de-de', 'v0.6.0');
  const manifest = {
    assets: files.map(({path, size, sha256}) => ({
      url: stage.assetUrl(path),
      size,
      digest: {algorithm: 'sha256' as const, hex: sha256},
    })),
  };
  await page.evaluate((one) => holdfast.line('models-de-de').stage('v0.6.0', {manifest: one}), manifest);
  await page.evaluate(() => holdfast.line('models-de-de').switchTo('v0.6.0'));
  expect((await page.evaluate(() => stored()))['models-de-de-v0.6.0']).toHaveLength(files.length);
});

it('a generated worker has the strategy ResumableCacheFirst by its name', async () => {
  const project = await mkdtemp(join(folder, 'large-'));
  await writeFile(join(project, 'index.html'), INDEX);
  await generateSW(
    withHoldfast({
      globDirectory: project,
      globPatterns: ['*.html'],
      swDest: join(project, 'sw.js'),
      skipWaiting: true,
      clientsClaim: true,
      runtimeCaching: [
        {
          ...route,
          handler: 'ResumableCacheFirst',
          options: {...route.options, minBytes: 500_000, pieceBytes: 100_000},
        },
      ],
    }),
  );
  await stage.reset();
  await publishFolder(stage.origins.app, project);
  const page = await stage.browser.context.newPage();
  await page.goto(`${stage.app}/`);
  await whenControlled(page);

  const {path, size, sha256} = stage.file('de-de/v0.6.0/model.onnx');
  const url = stage.assetUrl(path);
  const stall = stage.origins.fault({match: path, kind: 'stall', afterBytes: 700_000});
  const loading = page.evaluate((what) => load(what), url);
  await stall.reached;
  await expect
    .poll(() => page.evaluate(() => stored()))
    .toHaveProperty([`holdfast-pieces models-de-de-v0.6.0 ${url}`]);
  stall.release();
  expect(await loading).toMatchObject({status: 200, size, sha256});
  await expect.poll(() => page.evaluate(() => stored())).toMatchObject({'models-de-de-v0.6.0': [url]});

  await stage.browser.setOffline(true);
  expect(await page.evaluate((what) => load(what), url)).toMatchObject({status: 200, sha256});
});
