/** Each recipe over the real protocols: where it stores, that it serves offline, and what it leaves alone. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest';
import {everythingStored} from '../harness/everythingStored.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['recipes', 'recipesOfCdns', 'recipesOfPages', 'recipesResumable']);
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage('recipes');
});

/** Returns the URL of a path on one of the origins. */
const at = (origin: keyof Stage['origins']['origin'], path: string): string =>
  stage.origins.origin[origin] + path;

/** Opens a page for the first time, with another worker than that of all recipes. */
const openPageOf = async (worker: string): Promise<void> => {
  await page.close();
  await stage.browser.clearSite(stage.app);
  page = await stage.openControlledPage(worker);
};

const loadInPage = (url: string, init?: {method?: string; cache?: RequestCache}) =>
  page.evaluate(([one, how]) => load(one, how), [url, init] as const);

const storedIn = async (cacheName: string): Promise<string[]> =>
  (await page.evaluate(() => stored()))[cacheName] ?? [];

/** Returns all caches except the one for pages. */
const assetCaches = async (): Promise<string[]> =>
  Object.keys(await page.evaluate(() => stored())).filter((name) => name !== 'isolated-pages');

const requestsFor = (url: string) =>
  stage.origins.log.requests().filter((entry) => [entry.url, entry.redirectedFrom].includes(url));

/** Returns the requested URLs, without the browser's own check for an update of the worker. */
const requested = (): string[] =>
  stage.origins.log
    .requests()
    .map(({url}) => url)
    .filter((url) => !/^\/recipes\w*\.js$/.test(new URL(url).pathname));

const unhandledRejections = () =>
  page.evaluate(() => events.filter(({type}) => type === 'UNHANDLED_REJECTION'));

/** Leaves only what the worker has stored. */
const goOffline = async (): Promise<void> => {
  await stage.browser.clearHttpCache();
  await stage.origins.log.settled();
  stage.origins.log.clear();
  await stage.browser.setOffline(true);
};

const model = () => stage.origins.content.model;
const commits = () => model().commits.map(({commit}) => commit) as [string, string];

/** A file that a recipe stores: its URL, its cache, and its key if that is another URL. */
interface Stored {
  url: string;
  cacheName: string;
  key?: string;
}

const PINNED: Record<string, () => Stored> = {
  'a large file of a model at a commit': () => ({
    url: at('hub', `/mailwoman/tiny/resolve/${commits()[0]}/model.safetensors`),
    cacheName: `huggingface-mailwoman/tiny-${commits()[0]}`,
  }),
  'a small file of a model at a commit': () => ({
    url: at('hub', `/mailwoman/tiny/resolve/${commits()[1]}/tokenizer/vocab.json`),
    cacheName: `huggingface-mailwoman/tiny-${commits()[1]}`,
  }),
  'a file of a model by another name of the Hub': () => ({
    url: `https://hf.co/mailwoman/tiny/resolve/${commits()[0]}/config.json?download=true`,
    cacheName: `huggingface-mailwoman/tiny-${commits()[0]}`,
    key: at('hub', `/mailwoman/tiny/resolve/${commits()[0]}/config.json`),
  }),
  "a file of the Hub's cache of small files": () => ({
    url: at('hub', `/api/resolve-cache/models/mailwoman/tiny/${commits()[0]}/config.json?x=&etag=%22y%22`),
    cacheName: `huggingface-mailwoman/tiny-${commits()[0]}`,
    key: at('hub', `/api/resolve-cache/models/mailwoman/tiny/${commits()[0]}/config.json`),
  }),
  'a file of a dataset': () => {
    const commit = stage.origins.content.dataset.commits[0]?.commit;
    return {
      url: at('hub', `/datasets/mailwoman/places/resolve/${commit}/data/train.parquet`),
      cacheName: `huggingface-datasets/mailwoman/places-${commit}`,
    };
  },
  'a file of a Space': () => {
    const commit = stage.origins.content.space.commits[0]?.commit;
    return {
      url: at('hub', `/spaces/mailwoman/playground/resolve/${commit}/weights.bin`),
      cacheName: `huggingface-spaces/mailwoman/playground-${commit}`,
    };
  },
  'a file of Pyodide': () => ({
    url: at('jsdelivr', '/pyodide/v314.0.7/full/pyodide.asm.wasm'),
    cacheName: 'pyodide-314.0.7',
  }),
  'a file of Pyodide from npm': () => ({
    url: at('jsdelivr', '/npm/pyodide@314.0.7/pyodide.mjs'),
    cacheName: 'pyodide-314.0.7',
  }),
  'a file of onnxruntime-web from jsDelivr': () => ({
    url: at('jsdelivr', '/npm/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs'),
    cacheName: 'onnxruntime-web-1.30.0',
  }),
  'a file of onnxruntime-web from unpkg': () => ({
    url: at('unpkg', '/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs'),
    cacheName: 'onnxruntime-web-1.30.0',
  }),
  'a wheel on the file host of PyPI': () => {
    const path = stage.origins.content.wheels.find(({origin}) => origin === 'pypiFiles')?.path ?? '';
    return {url: at('pypiFiles', path), cacheName: 'pypi-mailwoman_places-1.0.0'};
  },
  'a library on cdnjs': () => ({
    url: at('cdnjs', '/ajax/libs/onnxruntime-web/1.30.0/ort.wasm.min.mjs'),
    cacheName: 'cdnjs-onnxruntime-web-1.30.0',
  }),
};

const PINNED_BY_CDN: Record<string, () => Stored> = {
  'a package on jsDelivr': () => ({
    url: at('jsdelivr', '/npm/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs?v=2'),
    cacheName: 'jsdelivr-npm/onnxruntime-web-1.30.0',
    key: at('jsdelivr', '/npm/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs'),
  }),
  'a package on unpkg': () => ({
    url: at('unpkg', '/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs'),
    cacheName: 'unpkg-onnxruntime-web-1.30.0',
  }),
};

const expectStoredAndServed = async ({url, cacheName, key = url}: Stored): Promise<void> => {
  const cold = await loadInPage(url);
  expect(cold.status).toBe(200);
  await expect.poll(() => storedIn(cacheName)).toEqual([key]);
  expect(await assetCaches()).toEqual([cacheName]);
  await goOffline();

  expect(await loadInPage(url)).toMatchObject({status: 200, url, sha256: cold.sha256});
  expect(requested()).toEqual([]);
  expect(await unhandledRejections()).toEqual([]);
};

describe('a file that never changes is stored, and served offline:', () => {
  it.each(Object.entries(PINNED))('%s', async (_, stored) => {
    await expectStoredAndServed(stored());
  });

  it.each(Object.entries(PINNED_BY_CDN))('%s, without a more special recipe', async (_, stored) => {
    await openPageOf('recipesOfCdns');
    await expectStoredAndServed(stored());
  });

  it('a file by the signed URL that the Hub redirects to, without its signature', async () => {
    const {sha256} = await loadInPage(at('hub', `/mailwoman/tiny/resolve/${commits()[0]}/model.safetensors`));
    const [signed] = stage.origins.log.requests({to: 'hubCdn', method: 'GET'});
    expect(signed?.url).toContain('Signature=');
    await loadInPage(signed?.url ?? '');
    await expect.poll(() => storedIn('huggingface-cdn-xet-bridge-us-hf')).toHaveLength(1);
    await goOffline();

    expect(await loadInPage(signed?.url ?? '')).toMatchObject({status: 200, sha256});
    expect(requested()).toEqual([]);
    expect((await page.evaluate(everythingStored)).caches).not.toContain('Signature=');
  });
});

describe('a file that may change is served from the cache:', () => {
  const MOVING: Record<string, () => Stored> = {
    'a large file of a branch': () => ({
      url: at('hub', '/mailwoman/tiny/resolve/main/model.safetensors'),
      cacheName: 'huggingface-mailwoman/tiny-main',
    }),
    'a small file of a branch': () => ({
      url: at('hub', '/mailwoman/tiny/resolve/main/config.json'),
      cacheName: 'huggingface-mailwoman/tiny-main',
    }),
    'a file of a pull request': () => ({
      url: at('hub', '/mailwoman/tiny/resolve/refs%2Fpr%2F1/model.safetensors'),
      cacheName: 'huggingface-mailwoman/tiny-refs/pr/1',
      key: at('hub', '/mailwoman/tiny/resolve/refs/pr/1/model.safetensors'),
    }),
    'a file of a tag': () => ({
      url: at('hub', '/datasets/mailwoman/places/resolve/v1.0/data/train.parquet'),
      cacheName: 'huggingface-datasets/mailwoman/places-v1.0',
    }),
    'a file of a bucket': () => ({
      url: stage.assetUrl('de-de/v0.6.0/model.onnx'),
      cacheName: 'huggingface-buckets/mailwoman/assets-resolve',
    }),
    'a file of the latest version on jsDelivr': () => ({
      url: at('jsdelivr', '/npm/onnxruntime-web@latest/dist/ort.wasm.min.mjs'),
      cacheName: 'jsdelivr-moving-npm/onnxruntime-web-latest',
    }),
    'a file of no version on jsDelivr': () => ({
      url: at('jsdelivr', '/npm/onnxruntime-web/dist/ort.wasm.min.mjs'),
      cacheName: 'jsdelivr-moving-npm/onnxruntime-web-jsdelivr',
    }),
  };

  it.each(Object.entries(MOVING))('%s, and a request for one byte checks for a change', async (_, stored) => {
    const {url, cacheName, key = url} = stored();
    const cold = await loadInPage(url);
    await expect.poll(() => storedIn(cacheName)).toEqual([key]);
    await stage.browser.clearHttpCache();
    await stage.origins.log.settled();
    stage.origins.log.clear();

    expect(await loadInPage(url)).toMatchObject({status: 200, sha256: cold.sha256});
    const answers = () =>
      stage.origins.log.requests().filter(({status = 300}) => status < 300 || status > 399);
    await expect.poll(answers).toHaveLength(1);
    await stage.origins.log.settled();
    expect(answers()).toMatchObject([{status: 206, range: 'bytes=0-0'}]);
    expect(answers()[0]?.bytesSent).toBeLessThanOrEqual(1);

    await goOffline();
    expect(await loadInPage(url)).toMatchObject({status: 200, sha256: cold.sha256});
    expect(requested()).toEqual([]);
    expect(await unhandledRejections()).toEqual([]);
  });

  it.each([
    ['large', 'model.safetensors'],
    ['small', 'config.json'],
  ])('a %s file of a branch that moved, and the new bytes on the visit after the next', async (_, file) => {
    const [first, second] = model().commits.map(({files}) => files.find(({path}) => path === file)?.sha256);
    const url = at('hub', `/mailwoman/tiny/resolve/main/${file}`);
    const visit = async () => (await loadInPage(url)).sha256;
    expect(await visit()).toBe(first);
    await expect.poll(() => storedIn('huggingface-mailwoman/tiny-main')).toEqual([url]);
    await page.evaluate(() => events.splice(0));
    stage.origins.moveBranch('mailwoman/tiny', 'main', commits()[1]);
    onTestFinished(() => stage.origins.moveBranch('mailwoman/tiny', 'main', commits()[0]));
    expect(await visit()).toBe(first);
    await expect.poll(() => page.evaluate(() => events.map(({type}) => type))).toContain('ASSET_STORED');
    expect(await visit()).toBe(second);
  });

  it('a wheel on the app itself', async () => {
    const url = `${stage.app}/wheels/mine-1.0.0-py3-none-any.whl`;
    stage.origins.app.set('/wheels/mine-1.0.0-py3-none-any.whl', 'built', {etag: '"1"'});
    const {sha256} = await loadInPage(url);
    await expect.poll(() => storedIn('wheels-mine-1.0.0')).toEqual([url]);
    stage.origins.app.set('/wheels/mine-1.0.0-py3-none-any.whl', 'built anew', {etag: '"2"'});
    await page.evaluate(() => events.splice(0));
    expect((await loadInPage(url)).sha256).toBe(sha256);
    await expect.poll(() => page.evaluate(() => events.map(({type}) => type))).toContain('ASSET_STORED');
    await goOffline();
    expect((await loadInPage(url)).size).toBe('built anew'.length);
  });

  it('a file of the latest version on unpkg, which sends no validator', async () => {
    const url = at('unpkg', '/onnxruntime-web@latest/package.json');
    const cold = await loadInPage(url);
    await expect.poll(() => storedIn('unpkg-moving-onnxruntime-web-latest')).toEqual([url]);
    await goOffline();
    expect(await loadInPage(url)).toMatchObject({status: 200, url: cold.url, sha256: cold.sha256});
  });
});

it('a redirected module on unpkg is not stored, since its imports are beside the last URL', async () => {
  const url = at('unpkg', '/onnxruntime-web@latest/dist/ort-wasm-simd-threaded.mjs');
  expect(await loadInPage(url)).toMatchObject({status: 200, redirected: true});
  const reasons = () =>
    page.evaluate(() =>
      events.filter(({type}) => type === 'ASSET_NOT_STORED').map(({payload}) => payload.reason),
    );
  await expect.poll(reasons).toContain('redirected-code');
  expect(await assetCaches()).toEqual([]);
});

describe('a request that matches no recipe goes out each time, and is not stored:', () => {
  const ALONE: Record<string, () => string> = {
    "a model's page": () => at('hub', '/mailwoman/tiny'),
    'a folder of a repository': () => at('hub', '/mailwoman/tiny/tree/main'),
    'a pointer': () => at('hub', '/mailwoman/tiny/raw/main/model.safetensors'),
    'the API of the Hub': () => at('hub', '/api/models/mailwoman/tiny/tree/main'),
    'a token for Xet': () => at('hub', `/api/models/mailwoman/tiny/xet-read-token/${commits()[0]}`),
    'a chunk of Xet': () =>
      at('hubCdn', `/xorbs/default/${'a'.repeat(64)}?X-Xet-Signed-Range=bytes%3D0-1&Signature=s`),
    'the page of a folder on jsDelivr': () => at('jsdelivr', '/npm/onnxruntime-web@1.30.0/dist/'),
    'HTML on jsDelivr': () => at('jsdelivr', '/npm/onnxruntime-web@1.30.0/dist/index.html'),
    'several files of jsDelivr at once': () => at('jsdelivr', '/combine/npm/a@1.0.0,npm/b@1.0.0'),
    'a development version of Pyodide': () => at('jsdelivr', '/pyodide/dev/full/pyodide.mjs'),
    'a listing of unpkg': () => at('unpkg', '/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs?meta'),
    'HTML on unpkg': () => at('unpkg', '/pyodide@314.0.7/console.html'),
    'HTML on cdnjs': () => at('cdnjs', '/ajax/libs/pyodide/314.0.7/console.html'),
    'an answer of the app': () => `${stage.app}/api/user`,
    'a script of the app': () => `${stage.app}/page.js`,
  };

  it.each(Object.entries(ALONE))('%s', async (_, urlOf) => {
    const url = urlOf();
    // They answer 200, or are made to, so that only the recipe is a reason not to store the answer.
    stage.origins.fault({match: url, kind: 'status', status: 200});
    await stage.origins.log.settled();
    stage.origins.log.clear();
    for (const visit of [1, 2]) {
      expect(await loadInPage(url, {cache: 'no-store'})).toMatchObject({status: 200});
      await stage.origins.log.settled();
      expect(requestsFor(url)).toHaveLength(visit);
    }
    expect(await assetCaches()).toEqual([]);
    expect(await storedIn('isolated-pages')).toEqual([]);
  });

  it('a POST', async () => {
    const url = at('hub', `/mailwoman/tiny/resolve/${commits()[0]}/config.json`);
    stage.origins.fault({match: url, kind: 'status', status: 200});
    for (let visit = 0; visit < 2; visit++) {
      expect(await loadInPage(url, {method: 'POST'})).toMatchObject({status: 200});
    }
    await stage.origins.log.settled();

    expect(requestsFor(url).map(({method}) => method)).toEqual(['POST', 'POST']);
    expect(await assetCaches()).toEqual([]);
  });
});

describe('Pyodide', () => {
  /** Boots Pyodide, installs a wheel, and returns the build that Python imports. */
  const runPython = (version: string, what: string): Promise<unknown> =>
    page.evaluate(
      async ([url, wheel]) => {
        const {loadPyodide} = await importModule(url);
        const pyodide = await loadPyodide();
        await pyodide.loadPackage(wheel);
        return pyodide.runPython('import mailwoman_places; mailwoman_places.BUILD');
      },
      [at('jsdelivr', `/pyodide/v${version}/full/pyodide.mjs`), what] as const,
    );

  /** Opens another page, since this one has the modules in memory. */
  const comeBackOffline = async (): Promise<void> => {
    await page.close();
    page = await stage.openControlledPage('recipes');
    await goOffline();
  };

  it('boots offline with a wheel of its own version, and a switch deletes the version before', async () => {
    const builds = stage.origins.content.wheels.filter(({origin}) => origin === 'jsdelivr');
    for (const version of ['314.0.6', '314.0.7']) {
      const {build} = builds.find(({path}) => path.includes(`/v${version}/`)) ?? {};
      expect(await runPython(version, 'mailwoman-places')).toBe(build);
      await expect.poll(() => storedIn(`pyodide-${version}`)).toHaveLength(6);
      await page.close();
      page = await stage.openControlledPage('recipes');
    }
    expect(await page.evaluate(() => holdfast.line('pyodide').switchTo('314.0.7', {keep: 0}))).toMatchObject({
      evicted: ['314.0.6'],
      kept: [],
    });
    expect(await assetCaches()).toEqual(['pyodide-314.0.7']);
    await comeBackOffline();

    const {build} = builds.find(({path}) => path.includes('/v314.0.7/')) ?? {};
    expect(await runPython('314.0.7', 'mailwoman-places')).toBe(build);
    expect(requested()).toEqual([]);
  });

  it('boots offline with a wheel from PyPI', async () => {
    const wheel = stage.origins.content.wheels.findLast(({origin}) => origin === 'pypiFiles');
    const url = at('pypiFiles', wheel?.path ?? '');
    expect(await runPython('314.0.7', url)).toBe(wheel?.build);
    await expect.poll(() => storedIn('pyodide-314.0.7')).toHaveLength(5);
    await expect.poll(() => storedIn(`pypi-mailwoman_places-${wheel?.version}`)).toEqual([url]);
    await comeBackOffline();

    expect(await runPython('314.0.7', url)).toBe(wheel?.build);
    expect(requested()).toEqual([]);
  });
});

it('a model runs offline that is loaded as Transformers.js does: first a probe of one byte, then the file', async () => {
  const {model: example} = stage.release('de-de', 'v0.6.0');
  const runModel = () =>
    page.evaluate(
      async ([base, modelUrl, {input, inputName, outputName}]) => {
        const probe = await load(modelUrl, {headers: {range: 'bytes=0-0'}, cache: 'no-store'});
        const ort = await importModule(`${base}ort.wasm.min.mjs`);
        ort.env.wasm.numThreads = 1;
        const bytes = new Uint8Array(await (await fetch(modelUrl)).arrayBuffer());
        const session = await ort.InferenceSession.create(bytes, {executionProviders: ['wasm']});
        const tensor = new ort.Tensor('float32', Float32Array.from(input), [1, input.length]);
        const results = await session.run({[inputName]: tensor});
        return {
          size: probe.headers['content-range'],
          output: Array.from(results[outputName].data as Float32Array),
        };
      },
      [
        at('jsdelivr', '/npm/onnxruntime-web@1.30.0/dist/'),
        stage.assetUrl('de-de/v0.6.0/model.onnx'),
        example,
      ] as const,
    );
  const expected = {
    size: `bytes 0-0/${stage.file('de-de/v0.6.0/model.onnx').size}`,
    output: example.output.map((value) => expect.closeTo(value, 4)),
  };

  expect(await runModel()).toEqual(expected);
  await expect.poll(() => storedIn('onnxruntime-web-1.30.0')).toHaveLength(3);
  await expect.poll(() => storedIn('huggingface-buckets/mailwoman/assets-resolve')).toHaveLength(1);
  await page.close();
  page = await stage.openControlledPage('recipes');
  await goOffline();
  expect(await runModel()).toEqual(expected);
  expect(requested()).toEqual([]);
});

describe('a resumable model', () => {
  const PIECE = 65_536;

  const large = () => model().commits[0]?.files.find(({path}) => path === 'model.safetensors');

  const url = () => at('hub', `/mailwoman/tiny/resolve/${commits()[0]}/model.safetensors`);

  /** Returns a signed URL of the same file. Each has another signature. */
  const signedUrl = async (): Promise<string> => {
    await page.evaluate((one) => fetch(one, {method: 'HEAD'}).then(() => undefined), url());
    await stage.origins.log.settled();
    const signed = stage.origins.log.requests({to: 'hubCdn', method: 'HEAD'}).at(-1);
    return signed?.url ?? '';
  };

  const pieces = async (): Promise<number> => {
    const all = await page.evaluate(() => stored());
    const [, keys = []] = Object.entries(all).find(([name]) => name.startsWith('holdfast-pieces ')) ?? [];
    // One entry more describes the file.
    return Math.max(0, keys.length - 1);
  };

  beforeEach(() => openPageOf('recipesResumable'));

  it.each([
    ['at a commit', async () => url(), () => `huggingface-mailwoman/tiny-${commits()[0]}`],
    ['by signed URLs', signedUrl, () => 'huggingface-cdn-xet-bridge-us-hf'],
  ])('resumes after the last complete piece when the worker is killed: %s', async (_, next, cacheName) => {
    const {size = 0, sha256} = large() ?? {};
    const stall = stage.origins.fault({
      match: /model\.safetensors|xet-bridge/,
      kind: 'stall',
      afterBytes: 3.5 * PIECE,
    });
    const loading = loadInPage(await next()).catch(() => 'a network error');
    await stall.reached;
    await expect.poll(pieces).toBe(3);
    await stage.browser.killWorkers();
    expect(await loading).toBe('a network error');
    stall.release();

    const again = await next();
    expect(await loadInPage(again)).toMatchObject({status: 200, size, sha256});
    const downloads = stage.origins.log.requests({to: 'hubCdn', method: 'GET'});
    expect(downloads.map(({range}) => range)).toEqual([undefined, `bytes=${3 * PIECE}-${size - 1}`]);
    await expect.poll(assetCaches).toEqual([cacheName()]);

    await goOffline();
    expect(await loadInPage(again)).toMatchObject({status: 200, size, sha256});
    expect(requested()).toEqual([]);
    expect(await unhandledRejections()).toEqual([]);
  });

  it('is stored by download()', async () => {
    expect(await page.evaluate((one) => holdfast.download(one).done, url())).toMatchObject({key: url()});
    await goOffline();
    expect(await loadInPage(url())).toMatchObject({status: 200, sha256: large()?.sha256});
  });

  it('is fetched without its first byte after the probe of Transformers.js', async () => {
    const {size = 0, sha256} = large() ?? {};
    const probe = await page.evaluate(
      (one) => load(one, {headers: {range: 'bytes=0-0'}, cache: 'no-store'}),
      url(),
    );
    expect(probe).toMatchObject({status: 206, headers: {'content-range': `bytes 0-0/${size}`}});

    expect(await loadInPage(url())).toMatchObject({status: 200, size, sha256});
    const downloads = stage.origins.log.requests({to: 'hubCdn', method: 'GET'});
    expect(downloads.map(({range}) => range)).toEqual(['bytes=0-0', `bytes=1-${size - 1}`]);
    await expect.poll(assetCaches).toEqual([`huggingface-mailwoman/tiny-${commits()[0]}`]);
  });
});

it('the description of a file, requested by its URL, does not answer requests for the file', async () => {
  const url = at('hub', `/mailwoman/tiny/resolve/${commits()[0]}/model.safetensors`);
  const {sha256} = await loadInPage(url);
  await expect.poll(() => storedIn(`huggingface-mailwoman/tiny-${commits()[0]}`)).toHaveLength(1);
  const describe = () =>
    page.evaluate(async (one) => {
      const response = await fetch(one, {
        headers: {accept: 'application/vnd.xet-fileinfo+json, */*', range: 'bytes=0-0'},
      });
      return response.json();
    }, url);
  const described = await describe();
  expect(await describe()).toEqual(described);
  expect((await loadInPage(url)).sha256).toBe(sha256);
  // The Hub sends the description with `no-store`.
  expect(await storedIn(`huggingface-mailwoman/tiny-${commits()[0]}`)).toHaveLength(1);
});

it('a page is isolated when the worker answers it, and offline', async () => {
  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect.poll(() => storedIn('isolated-pages')).toEqual([`${stage.app}/`]);
  await goOffline();
  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

it('a page with a code in its query is isolated, and the code is not stored', async () => {
  await page.goto(`${stage.app}/?code=SECRET&state=1`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.goto(`${stage.app}/#access_token=SECRET`);
  await page.reload();
  await expect.poll(() => storedIn('isolated-pages')).toEqual([`${stage.app}/`]);
  expect((await page.evaluate(everythingStored)).caches).not.toContain('SECRET');
});

it('a worker that only isolates pages controls the first visit, although it does not claim by itself', async () => {
  await openPageOf('recipesOfPages');
  await page.reload();
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

it('a worker that registers routes twice answers a message once', async () => {
  for (const version of ['314.0.6', '314.0.7']) {
    await page.evaluate((one) => holdfast.line('pyodide').switchTo(one, {allowEmpty: true}), version);
  }
  const switched = () =>
    page.evaluate(() =>
      events.filter(({type}) => type === 'VERSION_SWITCHED').map(({payload}) => payload.version),
    );
  await expect.poll(switched).toContain('314.0.7');
  expect(await switched()).toEqual(['314.0.6', '314.0.7']);
});
