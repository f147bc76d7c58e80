// Which URLs each recipe matches, how it answers them, and in which cache it stores them; and what it does not match.

import {describe, expect, it} from 'vitest';
import {createStableKey} from '../keys/createStableKey.ts';
import {
  cdnjs,
  glob,
  huggingFace,
  isolatedPages,
  isPluginEntry,
  jsDelivr,
  onnxRuntime,
  type PluginEntry,
  type PluginName,
  pyodide,
  pypiFiles,
  type RouteEntry,
  transformersJs,
  unpkg,
  wheels,
} from './index.ts';
import {inOrder} from './pluginOrder.ts';

const COMMIT = 'fbd996df9489a76f0e1323311a17e9dccdbde88b';
const CONTENT = 'a'.repeat(64);
const XET = `xet-bridge-us/${'1'.repeat(24)}/${CONTENT}`;
const HUB = 'https://huggingface.co';
const JSDELIVR = 'https://cdn.jsdelivr.net';
const PYPI = `https://files.pythonhosted.org/packages/67/bd/${'c'.repeat(60)}`;

const entriesOf = ({plugins}: RouteEntry['options']): PluginEntry[] => plugins.filter(isPluginEntry);

const plugin = <Name extends PluginName>({options}: RouteEntry, name: Name) =>
  entriesOf(options).find((one): one is Extract<PluginEntry, {holdfast: Name}> => one.holdfast === name);

/** Workbox tries the routes in order. For another origin, a pattern must match from the first character on. */
const routeOf = (entries: readonly RouteEntry[], url: string): RouteEntry | undefined =>
  entries.find(({urlPattern}) => urlPattern.exec(new URL(url).href)?.index === 0);

/** Returns the cache in which a URL is stored, as `VersionScopePlugin` names it. */
const cacheOf = (route: RouteEntry, url: string): string | undefined => {
  const key = createStableKey(plugin(route, 'stableKey')?.options)(url);
  const scope = plugin(route, 'versionScope')?.options;
  const {version, ...line} = scope?.pattern.exec(key)?.groups ?? {};
  return version && [scope?.prefix, ...Object.values(line), version].join('-');
};

const answered = (entries: readonly RouteEntry[], url: string) => {
  const route = routeOf(entries, url);
  return route && {handler: route.handler, cacheName: cacheOf(route, url)};
};

interface Recipe {
  routes: RouteEntry[];
  /** URL → the cache in which it is pinned. */
  pinned?: Record<string, string>;
  /** URL → the cache from which it is answered, and in which it is revalidated. */
  moving?: Record<string, string>;
  others: string[];
}

const MODEL_AT_COMMIT = `huggingface-org/model-${COMMIT}`;

const RECIPES: Record<string, Recipe> = {
  huggingFace: {
    routes: huggingFace(),
    pinned: {
      [`${HUB}/org/model/resolve/${COMMIT}/onnx/model.onnx`]: MODEL_AT_COMMIT,
      [`${HUB}/org/model/resolve/${COMMIT}/model.onnx?download=true`]: MODEL_AT_COMMIT,
      [`https://hf.co/org/model/resolve/${COMMIT}/model.onnx`]: MODEL_AT_COMMIT,
      [`https://huggingface.com/org/model/resolve/${COMMIT}/model.onnx`]: MODEL_AT_COMMIT,
      [`https://huggingface.cn/org/model/resolve/${COMMIT}/model.onnx`]: MODEL_AT_COMMIT,
      [`${HUB}/models/org/model/resolve/${COMMIT}/model.onnx`]: MODEL_AT_COMMIT,
      [`${HUB}/api/resolve-cache/models/org/model/${COMMIT}/imgs%2Fa.png?%2Forg=&etag=%22x%22`]:
        MODEL_AT_COMMIT,
      [`${HUB}/gpt2/resolve/${COMMIT}/config.json`]: `huggingface-gpt2-${COMMIT}`,
      [`${HUB}/api/resolve-cache/models/gpt2/${COMMIT}/config.json`]: `huggingface-gpt2-${COMMIT}`,
      [`${HUB}/datasets/org/data/resolve/${COMMIT}/a.parquet`]: `huggingface-datasets/org/data-${COMMIT}`,
      [`${HUB}/api/resolve-cache/datasets/org/data/${COMMIT}/a.csv`]: `huggingface-datasets/org/data-${COMMIT}`,
      [`${HUB}/datasets/squad/resolve/${COMMIT}/a.parquet`]: `huggingface-datasets/squad-${COMMIT}`,
      [`${HUB}/spaces/org/app/resolve/${COMMIT}/a.js`]: `huggingface-spaces/org/app-${COMMIT}`,
      [`${HUB}/kernels/org/gemm/resolve/${COMMIT}/a.so`]: `huggingface-kernels/org/gemm-${COMMIT}`,
      [`https://us.aws.cdn.hf.co/${XET}?Expires=1&Policy=p&Signature=s&Key-Pair-Id=k`]:
        'huggingface-cdn-xet-bridge-us-hf',
      [`https://europe-west4.us.gcp.cdn.hf.co/${XET}?Expires=1&Policy=p&Signature=s&Key-Pair-Id=k`]:
        'huggingface-cdn-xet-bridge-us-hf',
      [`https://cas-bridge.xethub.hf.co/${XET}?X-Amz-Signature=s`]: 'huggingface-cdn-xet-bridge-us-hf',
      [`https://cdn-lfs-us-1.hf.co/repos/aa/bb/${CONTENT}/${CONTENT}?Expires=1`]: 'huggingface-cdn-repos-hf',
      [`https://cdn-lfs.huggingface.co/repos/aa/bb/${CONTENT}/${CONTENT}`]: 'huggingface-cdn-repos-hf',
    },
    moving: {
      [`${HUB}/org/model/resolve/main/model.onnx`]: 'huggingface-org/model-main',
      [`${HUB}/gpt2/resolve/main/config.json`]: 'huggingface-gpt2-main',
      [`${HUB}/org/model/resolve/v1.0/model.onnx`]: 'huggingface-org/model-v1.0',
      [`${HUB}/org/model/resolve/fbd996d/model.onnx`]: 'huggingface-org/model-fbd996d',
      [`${HUB}/org/model/resolve/refs%2Fpr%2F1/model.onnx`]: 'huggingface-org/model-refs/pr/1',
      [`${HUB}/org/model/resolve/refs/pr/1/model.onnx`]: 'huggingface-org/model-refs/pr/1',
      'https://hf.co/datasets/org/data/resolve/refs%2Fconvert%2Fparquet/a.parquet':
        'huggingface-datasets/org/data-refs/convert/parquet',
      [`${HUB}/buckets/mailwoman/assets/resolve/en-us/v0.6.0/model.onnx`]:
        'huggingface-buckets/mailwoman/assets-resolve',
      [`${HUB}/buckets/mailwoman/assets/resolve/en-us%2Fv0.6.0%2Fmodel.onnx`]:
        'huggingface-buckets/mailwoman/assets-resolve',
      [`${HUB}/buckets/mailwoman/assets/resolve/${COMMIT}/model.onnx`]:
        'huggingface-buckets/mailwoman/assets-resolve',
    },
    others: [
      `${HUB}/`,
      `${HUB}/org/model`,
      `${HUB}/org/model/tree/main`,
      `${HUB}/org/model/blob/main/model.onnx`,
      `${HUB}/org/model/blame/main/README.md`,
      `${HUB}/org/model/raw/main/model.onnx`,
      `${HUB}/org/model/raw/${COMMIT}/model.onnx`,
      `${HUB}/org/model/resolve/main`,
      `${HUB}/org/model/resolve/${COMMIT}/`,
      `${HUB}/buckets/mailwoman/assets/tree/en-us`,
      `${HUB}/api/models/org/model`,
      `${HUB}/api/models/org/model/tree/main?recursive=true`,
      `${HUB}/api/models/org/model/xet-read-token/${COMMIT}`,
      `${HUB}/api/models/resolve/main/x`,
      `${HUB}/api/datasets/resolve/${COMMIT}/x`,
      `${HUB}/api/resolve-cache/models/org/model/main/config.json`,
      `${HUB}/v2/org/model/blobs/sha256:${CONTENT}`,
      `${HUB}/docs/hub/storage-buckets`,
      `https://cas-server.xethub.hf.co/v1/reconstructions/${CONTENT}`,
      `https://transfer.xethub.hf.co/xorbs/default/${CONTENT}?X-Xet-Signed-Range=bytes%3D0-1`,
      `https://us.aws.cdn.hf.co/xorbs/default/${CONTENT}?Expires=1`,
      `https://us.aws.cdn.hf.co/${XET}?X-Xet-Signed-Range=bytes%3D0-1&Signature=s`,
      `https://us.aws.cdn.hf.co.example.org/${XET}`,
      `https://huggingface.co.example.org/org/model/resolve/main/model.onnx`,
      `https://hf-mirror.com/org/model/resolve/main/model.onnx`,
      `https://example.org/?u=${HUB}/org/model/resolve/main/model.onnx`,
    ],
  },

  jsDelivr: {
    routes: jsDelivr(),
    pinned: {
      [`${JSDELIVR}/npm/d3@7.9.0/dist/d3.min.js`]: 'jsdelivr-npm/d3-7.9.0',
      [`${JSDELIVR}/npm/d3@7.9.0`]: 'jsdelivr-npm/d3-7.9.0',
      [`${JSDELIVR}/npm/d3@7.9.0/dist/d3.min.js?v=2`]: 'jsdelivr-npm/d3-7.9.0',
      [`${JSDELIVR}/npm/@duckdb/duckdb-wasm@1.29.1-dev.7/dist/duckdb-eh.wasm`]:
        'jsdelivr-npm/@duckdb/duckdb-wasm-1.29.1-dev.7',
      [`${JSDELIVR}/gh/org/repo@v1.2.3/a.bin`]: 'jsdelivr-gh/org/repo-v1.2.3',
      [`${JSDELIVR}/gh/org/repo@${COMMIT}/a.bin`]: `jsdelivr-gh/org/repo-${COMMIT}`,
    },
    moving: {
      [`${JSDELIVR}/npm/d3`]: 'jsdelivr-moving-npm/d3-jsdelivr',
      [`${JSDELIVR}/npm/d3/dist/d3.min.js`]: 'jsdelivr-moving-npm/d3-jsdelivr',
      [`${JSDELIVR}/npm/d3@7/dist/d3.min.js`]: 'jsdelivr-moving-npm/d3-7',
      [`${JSDELIVR}/npm/d3@7.9/dist/d3.min.js`]: 'jsdelivr-moving-npm/d3-7.9',
      [`${JSDELIVR}/npm/d3@latest/dist/d3.min.js`]: 'jsdelivr-moving-npm/d3-latest',
      [`${JSDELIVR}/npm/d3@%5E7.9.0/dist/d3.min.js`]: 'jsdelivr-moving-npm/d3-%5E7.9.0',
      [`${JSDELIVR}/npm/d3@7.9.0||8.0.0/dist/d3.min.js`]: 'jsdelivr-moving-npm/d3-7.9.0||8.0.0',
      [`${JSDELIVR}/npm/d3@7.9.0%20-%208.0.0/dist/d3.min.js`]: 'jsdelivr-moving-npm/d3-7.9.0%20-%208.0.0',
      [`${JSDELIVR}/npm/d3@7.9.0/+esm`]: 'jsdelivr-moving-npm/d3-7.9.0',
      [`${JSDELIVR}/npm/@duckdb/duckdb-wasm@next/dist/duckdb-eh.wasm`]:
        'jsdelivr-moving-npm/@duckdb/duckdb-wasm-next',
      [`${JSDELIVR}/npm/@duckdb/duckdb-wasm/dist/duckdb-eh.wasm`]:
        'jsdelivr-moving-npm/@duckdb/duckdb-wasm-jsdelivr',
      [`${JSDELIVR}/npm/@duckdb/duckdb-wasm`]: 'jsdelivr-moving-npm/@duckdb/duckdb-wasm-jsdelivr',
      [`${JSDELIVR}/gh/org/repo@${COMMIT}dead/a.bin`]: `jsdelivr-moving-gh/org/repo-${COMMIT}dead`,
      [`${JSDELIVR}/gh/org/repo/a.bin`]: 'jsdelivr-moving-gh/org/repo-jsdelivr',
      [`${JSDELIVR}/gh/org/repo@main/a.bin`]: 'jsdelivr-moving-gh/org/repo-main',
      [`${JSDELIVR}/gh/org/repo@v2/a.bin`]: 'jsdelivr-moving-gh/org/repo-v2',
      [`${JSDELIVR}/gh/org/repo@fbd996d/a.bin`]: 'jsdelivr-moving-gh/org/repo-fbd996d',
    },
    others: [
      `${JSDELIVR}/`,
      `${JSDELIVR}/npm/`,
      `${JSDELIVR}/npm/%40duckdb/duckdb-wasm@1.29.0/dist/duckdb-eh.wasm`,
      `${JSDELIVR}/npm/%40duckdb/duckdb-wasm/dist/duckdb-eh.wasm`,
      `${JSDELIVR}/npm/@duckdb%2Fduckdb-wasm@1.29.0/dist/duckdb-eh.wasm`,
      `${JSDELIVR}/npm/@duckdb%2Fduckdb-wasm/dist/duckdb-eh.wasm`,
      `${JSDELIVR}/npm/d3@7.9.0/`,
      `${JSDELIVR}/npm/d3@7.9.0/dist/`,
      `${JSDELIVR}/npm/d3/dist/index.html`,
      `${JSDELIVR}/npm/d3@7.9.0/dist/index.html?v=1`,
      `${JSDELIVR}/combine/npm/d3@7.9.0,npm/p5@1.0.0`,
      `${JSDELIVR}/pyodide/v314.0.7/full/pyodide.mjs`,
      `${JSDELIVR}/pyodide/dev/full/pyodide.mjs`,
      `${JSDELIVR}/wp/plugins/a/tags/1.0.0/a.js`,
      `https://data.jsdelivr.com/v1/stats/packages/npm/d3@7.9.0`,
      `https://cdn.jsdelivr.net.example.org/npm/d3@7.9.0/a.js`,
    ],
  },

  unpkg: {
    routes: unpkg(),
    pinned: {
      'https://unpkg.com/d3@7.9.0/dist/d3.min.js': 'unpkg-d3-7.9.0',
      'https://unpkg.com/d3@7.9.0': 'unpkg-d3-7.9.0',
      'https://unpkg.com/d3@7.9.0/src/index.js?module': 'unpkg-d3-7.9.0',
      'https://unpkg.com/@ffmpeg/core@0.12.9/dist/umd/ffmpeg-core.wasm': 'unpkg-@ffmpeg/core-0.12.9',
    },
    moving: {
      'https://unpkg.com/d3': 'unpkg-moving-d3-unpkg',
      'https://unpkg.com/d3/dist/d3.min.js': 'unpkg-moving-d3-unpkg',
      'https://unpkg.com/d3@7/dist/d3.min.js': 'unpkg-moving-d3-7',
      'https://unpkg.com/@ffmpeg/core@latest/dist/umd/ffmpeg-core.wasm': 'unpkg-moving-@ffmpeg/core-latest',
    },
    others: [
      'https://unpkg.com/',
      'https://unpkg.com/%40ffmpeg/core@0.12.9/dist/umd/ffmpeg-core.wasm',
      'https://unpkg.com/browse/d3@7.9.0/',
      'https://unpkg.com/browse/d3@7.9.0/dist/d3.js',
      'https://unpkg.com/d3@7.9.0/',
      'https://unpkg.com/d3@7.9.0/dist/?meta',
      'https://unpkg.com/d3@7.9.0/dist/d3.min.js?meta',
      'https://unpkg.com/d3/dist/index.html',
      'https://app.unpkg.com/d3@7.9.0/files/dist/d3.js',
      'https://esm.unpkg.com/d3@7.9.0',
    ],
  },

  cdnjs: {
    routes: cdnjs(),
    pinned: {
      'https://cdnjs.cloudflare.com/ajax/libs/three.js/r128/three.min.js': 'cdnjs-three.js-r128',
      'https://cdnjs.cloudflare.com/ajax/libs/pdf.js/5.4.296/pdf.worker.min.mjs': 'cdnjs-pdf.js-5.4.296',
      'https://cdnjs.cloudflare.com/ajax/libs/pdf.js/5.4.296/cmaps/a.bcmap': 'cdnjs-pdf.js-5.4.296',
    },
    others: [
      'https://cdnjs.cloudflare.com/',
      'https://cdnjs.cloudflare.com/ajax/libs/three.js/package.json',
      'https://cdnjs.cloudflare.com/ajax/libs/three.js/r128/',
      'https://cdnjs.cloudflare.com/ajax/libs/three.js/r128/a.html',
      'https://api.cdnjs.com/libraries/three.js',
      'https://cdnjs.com/libraries/three.js',
    ],
  },

  pyodide: {
    routes: pyodide(),
    pinned: {
      [`${JSDELIVR}/pyodide/v314.0.7/full/pyodide.asm.wasm`]: 'pyodide-314.0.7',
      [`${JSDELIVR}/pyodide/v314.0.7/debug/pyodide-lock.json`]: 'pyodide-314.0.7',
      [`${JSDELIVR}/pyodide/v0.28.0/full/numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl`]:
        'pyodide-0.28.0',
      [`${JSDELIVR}/pyodide/v0.29.0/full/numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl`]:
        'pyodide-0.29.0',
      [`${JSDELIVR}/pyodide/v315.0.0-alpha.1/full/pyodide.mjs`]: 'pyodide-315.0.0-alpha.1',
      [`${JSDELIVR}/pyodide/v0.26.0a5/full/pyodide.js`]: 'pyodide-0.26.0a5',
      [`${JSDELIVR}/npm/pyodide@314.0.7/pyodide.mjs`]: 'pyodide-314.0.7',
      'https://unpkg.com/pyodide@314.0.7/pyodide.mjs': 'pyodide-314.0.7',
    },
    others: [
      `${JSDELIVR}/pyodide/dev/full/pyodide.mjs`,
      `${JSDELIVR}/pyodide/v314.0.7/full/`,
      `${JSDELIVR}/pyodide/v314.0.7/full/console.html`,
      `${JSDELIVR}/npm/pyodide/pyodide.mjs`,
      `${JSDELIVR}/npm/pyodide@314/pyodide.mjs`,
      `${JSDELIVR}/npm/pyodide@314.0.7/+esm`,
      `${JSDELIVR}/npm/pyodide-http@0.2.1/a.js`,
      'https://unpkg.com/pyodide@314.0.7/pyodide.mjs?meta',
      'https://pyodide.org/en/stable/console.html',
    ],
  },

  pypiFiles: {
    routes: pypiFiles(),
    pinned: {
      [`${PYPI}/numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl`]: 'pypi-numpy-2.2.5',
      [`${PYPI}/snowballstemmer-3.0.1-py3-none-any.whl`]: 'pypi-snowballstemmer-3.0.1',
      [`${PYPI}/snowballstemmer-3.0.1-py3-none-any.whl.metadata`]: 'pypi-snowballstemmer-3.0.1',
      [`${PYPI}/snowballstemmer-3.0.1-py3-none-any.whl#sha256=ab`]: 'pypi-snowballstemmer-3.0.1',
      [`${PYPI}/typing_extensions-4.15.0.post1-2-py3-none-any.whl`]: 'pypi-typing_extensions-4.15.0.post1',
      [`${PYPI}/zope.interface-5.0.tar.gz`]: 'pypi-zope.interface-5.0',
      [`${PYPI}/py-3-foo-1.0.tar.gz`]: 'pypi-py-3-foo-1.0',
      [`${PYPI}/foo-1.0-beta.zip`]: 'pypi-foo-1.0',
      [`${PYPI}/foo-1.0-1-py3-none-any.whl`]: 'pypi-foo-1.0',
      [`${PYPI}/my-old-name-1!2.0rc1.zip`]: 'pypi-my-old-name-1!2.0rc1',
      'https://files.pythonhosted.org/packages/source/n/numpy/numpy-2.2.5.tar.gz': 'pypi-numpy-2.2.5',
    },
    others: [
      'https://files.pythonhosted.org/',
      `${PYPI}/`,
      `${PYPI}/numpy-2.2.5-cp313-cp313-win_amd64.whl.asc`,
      `${PYPI}/README.md`,
      'https://files.pythonhosted.org/simple/numpy/',
      'https://files.pythonhosted.org/pypi/numpy/json',
      'https://test-files.pythonhosted.org/packages/a/numpy-2.2.5.tar.gz',
    ],
  },

  wheels: {
    routes: wheels({from: ['https://example.org/wheels/*', /^https:\/\/cdn\.example\.org\//]}),
    moving: {
      'https://example.org/wheels/mine-1.0.0-py3-none-any.whl': 'wheels-mine-1.0.0',
      'https://example.org/wheels/a/mine-1.0.0-py3-none-any.whl?v=2': 'wheels-mine-1.0.0',
      'https://cdn.example.org/mine-1.0.0.tar.gz': 'wheels-mine-1.0.0',
    },
    others: [
      'https://example.org/other/mine-1.0.0-py3-none-any.whl',
      'https://example.org/wheels/index.html',
      'https://example.org/wheels/data.zip',
      'https://elsewhere.org/?https://example.org/wheels/mine-1.0.0-py3-none-any.whl',
      `${PYPI}/numpy-2.2.5.tar.gz`,
    ],
  },

  onnxRuntime: {
    routes: onnxRuntime(),
    pinned: {
      [`${JSDELIVR}/npm/onnxruntime-web@1.30.0/dist/ort.min.mjs`]: 'onnxruntime-web-1.30.0',
      [`${JSDELIVR}/npm/onnxruntime-web@1.30.0`]: 'onnxruntime-web-1.30.0',
      [`${JSDELIVR}/npm/onnxruntime-web@1.31.0-dev.20260914-8d85527a0/dist/ort-wasm-simd-threaded.asyncify.wasm`]:
        'onnxruntime-web-1.31.0-dev.20260914-8d85527a0',
      'https://unpkg.com/onnxruntime-web@1.30.0/dist/ort.min.mjs': 'onnxruntime-web-1.30.0',
    },
    others: [
      `${JSDELIVR}/npm/onnxruntime-web/dist/ort.min.mjs`,
      `${JSDELIVR}/npm/onnxruntime-web@dev/dist/ort.min.mjs`,
      `${JSDELIVR}/npm/onnxruntime-web@1.30.0/+esm`,
      `${JSDELIVR}/npm/onnxruntime-common@1.30.0/dist/ort.min.mjs`,
      `${JSDELIVR}/npm/my-onnxruntime-web@1.30.0/dist/ort.min.mjs`,
      'https://unpkg.com/onnxruntime-web@1.30.0/dist/?meta',
      'https://unpkg.com/onnxruntime-web@1.30.0/dist/ort.min.mjs?meta',
    ],
  },

  transformersJs: {
    routes: transformersJs(),
    pinned: {
      [`${JSDELIVR}/npm/@huggingface/transformers@4.3.1`]: 'transformers.js-4.3.1',
      [`${JSDELIVR}/npm/@huggingface/transformers@4.3.1/dist/transformers.web.js`]: 'transformers.js-4.3.1',
      [`${JSDELIVR}/npm/@huggingface/transformers@3.8.1/dist/ort-wasm-simd-threaded.jsep.wasm`]:
        'transformers.js-3.8.1',
      [`${JSDELIVR}/npm/@xenova/transformers@2.17.2/dist/ort-wasm.wasm`]: 'transformers.js-2.17.2',
      [`${JSDELIVR}/npm/onnxruntime-web@1.30.0/dist/ort-wasm-simd-threaded.asyncify.mjs`]:
        'onnxruntime-web-1.30.0',
      [`${HUB}/org/model/resolve/${COMMIT}/onnx/model.onnx`]: MODEL_AT_COMMIT,
    },
    moving: {[`${HUB}/org/model/resolve/main/onnx/model.onnx`]: 'huggingface-org/model-main'},
    others: [
      `${JSDELIVR}/npm/@huggingface/transformers`,
      `${JSDELIVR}/npm/@huggingface/hub@2.17.5/dist/index.js`,
      'https://unpkg.com/@huggingface/transformers@4.3.1/dist/transformers.js?meta',
      `${HUB}/api/models/org/model`,
    ],
  },
};

describe.each(Object.entries(RECIPES))('%s', (_, {routes, pinned = {}, moving = {}, others}) => {
  it.each(Object.entries(pinned))('pins %s in %s', (url, cacheName) => {
    expect(answered(routes, url)).toEqual({handler: 'CacheFirst', cacheName});
  });

  it.each(Object.entries(moving))('revalidates %s in %s', (url, cacheName) => {
    expect(answered(routes, url)).toEqual({handler: 'StaleWhileRevalidate', cacheName});
  });

  it.each(others)('does not match %s', (url) => {
    expect(routeOf(routes, url)).toBeUndefined();
  });
});

describe('every recipe', () => {
  const all = {...Object.fromEntries(Object.entries(RECIPES).map(([name, {routes}]) => [name, routes]))};
  const recipes = Object.entries({...all, isolatedPages: isolatedPages()});

  it.each(recipes)('%s is data: it can be copied, printed and parsed', (_, routes) => {
    const printed = JSON.stringify(routes, (__, value) =>
      value instanceof RegExp ? {source: value.source} : value,
    );
    const read = JSON.parse(printed, (__, value) => (value?.source ? new RegExp(value.source) : value));

    expect(structuredClone(routes)).toEqual(routes);
    expect(read).toEqual(routes);
    expect(Object.keys(read)).not.toHaveLength(0);
  });

  it.each(recipes)('%s lists the plugins in the order that they need', (_, routes) => {
    for (const {options} of routes) {
      expect(inOrder(options.plugins)).toEqual(options.plugins);
    }
  });

  it.each(recipes.filter(([name]) => name !== 'isolatedPages'))(
    '%s revalidates where a file may change, and only there',
    (_, routes) => {
      for (const route of routes) {
        const isMoving = route.handler === 'StaleWhileRevalidate';
        expect(plugin(route, 'onlyIfChanged') !== undefined).toBe(isMoving);
      }
    },
  );

  it('uses caches of its own for each app', () => {
    const cachePrefix = 'notes';
    const url = `${HUB}/org/model/resolve/${COMMIT}/model.onnx`;
    const wheel = 'https://example.org/mine-1.0.0-py3-none-any.whl';
    const caches = [
      answered(huggingFace({cachePrefix}), url),
      answered(transformersJs({cachePrefix}), url),
      answered(transformersJs({cachePrefix}), `${JSDELIVR}/npm/onnxruntime-web@1.30.0/a.wasm`),
      answered(transformersJs({cachePrefix}), `${JSDELIVR}/npm/@huggingface/transformers@4.3.1`),
      answered(jsDelivr({cachePrefix}), `${JSDELIVR}/npm/d3@7`),
      answered(unpkg({cachePrefix}), 'https://unpkg.com/d3@7'),
      answered(cdnjs({cachePrefix}), 'https://cdnjs.cloudflare.com/ajax/libs/d3/7.9.0/d3.js'),
      answered(pyodide({cachePrefix}), `${JSDELIVR}/pyodide/v314.0.7/full/pyodide.mjs`),
      answered(pypiFiles({cachePrefix}), `${PYPI}/numpy-2.2.5.tar.gz`),
      answered(onnxRuntime({cachePrefix}), `${JSDELIVR}/npm/onnxruntime-web@1.30.0/a.wasm`),
      answered(wheels({cachePrefix, from: '*'}), wheel),
    ].map((one) => one?.cacheName);

    expect(caches).toEqual([
      `notes-${MODEL_AT_COMMIT}`,
      `notes-${MODEL_AT_COMMIT}`,
      'notes-onnxruntime-web-1.30.0',
      'notes-transformers.js-4.3.1',
      'notes-jsdelivr-moving-npm/d3-7',
      'notes-unpkg-moving-d3-7',
      'notes-cdnjs-d3-7.9.0',
      'notes-pyodide-314.0.7',
      'notes-pypi-numpy-2.2.5',
      'notes-onnxruntime-web-1.30.0',
      'notes-wheels-mine-1.0.0',
    ]);
    expect(isolatedPages({cachePrefix})[0]?.options.cacheName).toBe('notes-isolated-pages');
  });
});

it.each([
  ['jsDelivr', jsDelivr(), [`${JSDELIVR}/npm/d3@7`, `${JSDELIVR}/npm/d3`, `${JSDELIVR}/npm/three@latest`]],
  ['unpkg', unpkg(), ['https://unpkg.com/d3@7', 'https://unpkg.com/d3', 'https://unpkg.com/three@latest']],
])('on %s a package is a line, so that switching one deletes no other', (_, routes, urls) => {
  const lines = urls.map((url) => {
    const route = routeOf(routes, url);
    return route && plugin(route, 'versionScope')?.options.pattern.exec(url)?.groups?.package;
  });
  const [range, none, other] = lines;
  expect(range).toMatch(/d3$/);
  expect(none).toBe(range);
  expect(other).toMatch(/three$/);
});

describe('only', () => {
  const url = (repository: string) => `${HUB}/${repository}/resolve/main/model.onnx`;

  it.each([
    ['a glob', `${HUB}/onnx-community/*`],
    ['a RegExp', /\/onnx-community\//],
    ['a list', [`${HUB}/Xenova/*`, `${HUB}/onnx-community/*`]],
  ])('narrows the Hub by %s', (_, only) => {
    const routes = huggingFace({only});
    expect(routeOf(routes, url('onnx-community/a'))).toBeDefined();
    expect(routeOf(routes, url('org/model'))).toBeUndefined();
    expect(routeOf(routes, `https://us.aws.cdn.hf.co/${XET}`)).toBeUndefined();
  });

  it.each([
    ['onnx-community/*', '*/onnx-community/*'],
    ['/models/a.onnx', '*/models/a.onnx*'],
    ['huggingface.co/*', '*/huggingface.co/*'],
  ])('refuses the glob %s, which no URL matches', (only, instead) => {
    expect(() => huggingFace({only})).toThrow(`Write e.g. '${instead}'.`);
    expect(() => huggingFace({only: [`${HUB}/*`, only]})).toThrow(TypeError);
  });

  it.each(['*', 'http?://huggingface.co/*', 'h*', 'https://huggingface.co/a/*'])(
    'takes the glob %s',
    (only) => {
      expect(routeOf(huggingFace({only}), `${HUB}/a/b/resolve/main/c.onnx`)).toBeDefined();
    },
  );

  it.each([
    ['jsDelivr', jsDelivr, `${JSDELIVR}/npm/d3@7.9.0/a.js`, `${JSDELIVR}/npm/d3/a.js`],
    ['unpkg', unpkg, 'https://unpkg.com/d3@7.9.0/a.js', 'https://unpkg.com/d3/a.js'],
    ['cdnjs', cdnjs, 'https://cdnjs.cloudflare.com/ajax/libs/d3/7.9.0/a.js', undefined],
  ])('narrows %s', (_, recipe, pinned, moving) => {
    for (const one of [pinned, moving ?? pinned]) {
      expect(routeOf(recipe({only: '*/d3*'}), one)).toBeDefined();
      expect(routeOf(recipe({only: '*/p5*'}), one)).toBeUndefined();
    }
  });
});

describe('resumable', () => {
  const {huggingFace: files, transformersJs: all} = RECIPES;
  const library = Object.entries(all?.pinned ?? {}).filter(([url]) => !url.startsWith(HUB));

  it.each(Object.entries(files?.pinned ?? {}))('resumes %s, in %s', (url, cacheName) => {
    for (const recipe of [huggingFace, transformersJs]) {
      expect(answered(recipe({resumable: true}), url)).toEqual({handler: 'ResumableCacheFirst', cacheName});
    }
  });

  it.each(Object.entries(files?.moving ?? {}))('revalidates %s, in %s', (url, cacheName) => {
    for (const recipe of [huggingFace, transformersJs]) {
      expect(answered(recipe({resumable: true}), url)).toEqual({handler: 'StaleWhileRevalidate', cacheName});
    }
  });

  it.each(library)('does not change %s, in %s', (url, cacheName) => {
    expect(answered(transformersJs({resumable: true}), url)).toEqual({handler: 'CacheFirst', cacheName});
  });

  it('changes nothing else of a route', () => {
    const routes = huggingFace({
      resumable: true,
      only: '*',
      mirror: 'https://example.org/hf',
      cachePrefix: 'a',
    });
    const ordinary = huggingFace({only: '*', mirror: 'https://example.org/hf', cachePrefix: 'a'});
    const handlers = {CacheFirst: 'ResumableCacheFirst'} as Record<string, string>;
    expect(routes).toEqual(
      ordinary.map((route) => ({...route, handler: handlers[route.handler] ?? route.handler})),
    );
  });
});

describe('a mirror of the Hub', () => {
  it.each([
    'https://hf-mirror.com',
    'https://hf-mirror.com/',
    'https://example.org/hf',
    'http://localhost:8080/a.b/',
  ])('%s is answered as the Hub is, from the same caches', (mirror) => {
    const routes = huggingFace({mirror});
    const base = mirror.replace(/\/$/, '');
    const cacheNames = [HUB, base].flatMap((endpoint) =>
      [
        `${endpoint}/org/model/resolve/${COMMIT}/model.onnx?download=true`,
        `${endpoint}/api/resolve-cache/models/org/model/${COMMIT}/a.json?x=`,
        `${endpoint}/org/model/resolve/refs%2Fpr%2F1/model.onnx`,
        `${endpoint}/buckets/org/name/resolve/a%2Fb.bin`,
      ].map((url) => answered(routes, url)?.cacheName),
    );

    const expected = [
      MODEL_AT_COMMIT,
      MODEL_AT_COMMIT,
      'huggingface-org/model-refs/pr/1',
      'huggingface-buckets/org/name-resolve',
    ];
    expect(cacheNames).toEqual([...expected, ...expected]);
  });

  it('has the keys of the Hub', () => {
    const [route] = huggingFace({mirror: 'https://example.org/hf'});
    const keyOf = createStableKey(route && plugin(route, 'stableKey')?.options);
    const path = `org/model/resolve/${COMMIT}/model.onnx`;
    expect(keyOf(`https://example.org/hf/${path}?download=true`)).toBe(`${HUB}/${path}`);
  });

  it('is matched below its path only', () => {
    const routes = huggingFace({mirror: 'https://example.org/hf'});
    expect(routeOf(routes, 'https://example.org/org/model/resolve/main/model.onnx')).toBeUndefined();
    expect(routeOf(routes, 'https://example.org/hf/api/models/org/model')).toBeUndefined();
    expect(routeOf(routes, 'https://exampleXorg/hf/org/model/resolve/main/model.onnx')).toBeUndefined();
  });

  it.each(['hf-mirror.com', '', 'ftp://hf-mirror.com', 'http://[::1]:8080/hf'])('cannot be %j', (mirror) => {
    expect(() => huggingFace({mirror})).toThrow(
      new TypeError(
        `huggingFace: option 'mirror' must be an http(s) URL with a host name, but got ${JSON.stringify(mirror)}.`,
      ),
    );
  });
});

describe('the order of recipes', () => {
  it('decides the name of a cache, never how a file is answered', () => {
    const url = `${JSDELIVR}/npm/onnxruntime-web@1.30.0/dist/ort.min.mjs`;
    expect(answered([...onnxRuntime(), ...jsDelivr()], url)).toEqual({
      handler: 'CacheFirst',
      cacheName: 'onnxruntime-web-1.30.0',
    });
    expect(answered([...jsDelivr(), ...onnxRuntime()], url)).toEqual({
      handler: 'CacheFirst',
      cacheName: 'jsdelivr-npm/onnxruntime-web-1.30.0',
    });
  });

  it('does not matter to the files of the Pyodide CDN', () => {
    const url = `${JSDELIVR}/pyodide/v314.0.7/full/pyodide.mjs`;
    for (const routes of [
      [...pyodide(), ...jsDelivr()],
      [...jsDelivr(), ...pyodide()],
    ]) {
      expect(answered(routes, url)?.cacheName).toBe('pyodide-314.0.7');
    }
  });
});

describe('isolatedPages', () => {
  it('can be narrowed', () => {
    const routes = isolatedPages({only: 'https://example.org/app/*'});
    expect(routeOf(routes, 'https://example.org/app/editor')).toBeDefined();
    expect(routeOf(routes, 'https://example.org/sign-in')).toBeUndefined();
  });

  it.each([
    ['https://example.org/', 'NetworkFirst'],
    ['http://localhost:8080/a/b.html', 'NetworkFirst'],
    ['https://example.org/#/route?tab=1', 'NetworkFirst'],
    ['https://example.org/?code=SECRET&state=1', 'NetworkOnly'],
    ['https://example.org/a?code=SECRET#/route', 'NetworkOnly'],
  ])('%s → %s: a URL with a query is not stored', (url, handler) => {
    expect(routeOf(isolatedPages(), url)?.handler).toBe(handler);
    expect(routeOf(isolatedPages({only: '*'}), url)?.handler).toBe(handler);
  });

  it('matches documents and workers', () => {
    const destinations = ['document', 'iframe', 'sharedworker', 'worker'];
    expect(isolatedPages({embedderPolicy: 'require-corp'})).toEqual([
      {
        urlPattern: expect.any(RegExp),
        destinations,
        handler: 'NetworkFirst',
        options: {
          cacheName: 'isolated-pages',
          plugins: [
            {holdfast: 'stableKey', options: {}},
            {holdfast: 'quotaGuard', options: {}},
            {holdfast: 'crossOriginIsolation', options: {embedderPolicy: 'require-corp'}},
          ],
        },
      },
      {
        urlPattern: expect.any(RegExp),
        destinations,
        handler: 'NetworkOnly',
        options: {
          plugins: [{holdfast: 'crossOriginIsolation', options: {embedderPolicy: 'require-corp'}}],
        },
      },
    ]);
  });
});

it('a glob can be the pattern of a route', () => {
  const routes: RouteEntry[] = [
    {urlPattern: glob('https://example.org/*'), handler: 'CacheFirst', options: {plugins: []}},
  ];
  expect(routeOf(routes, 'https://example.org/a/b')).toBeDefined();
});

it.each([
  ['huggingFace', () => huggingFace({resumeable: true} as never), 'cachePrefix, only, mirror, resumable'],
  [
    'transformersJs',
    () => transformersJs({resumeable: true} as never),
    'cachePrefix, only, mirror, resumable',
  ],
  ['jsDelivr', () => jsDelivr({resumeable: true} as never), 'cachePrefix, only'],
  ['unpkg', () => unpkg({resumeable: true} as never), 'cachePrefix, only'],
  ['cdnjs', () => cdnjs({resumeable: true} as never), 'cachePrefix, only'],
  ['pyodide', () => pyodide({resumeable: true} as never), 'cachePrefix'],
  ['pypiFiles', () => pypiFiles({resumeable: true} as never), 'cachePrefix'],
  ['onnxRuntime', () => onnxRuntime({resumeable: true} as never), 'cachePrefix'],
  ['wheels', () => wheels({from: '*', resumeable: true} as never), 'cachePrefix, from'],
  ['isolatedPages', () => isolatedPages({resumeable: true} as never), 'cachePrefix, only, embedderPolicy'],
])('%s refuses an unknown option, and lists those that it has', (name, recipe, options) => {
  expect(recipe).toThrow(
    new TypeError(`${name}: option 'resumeable' must be one of ${options}, but got "resumeable".`),
  );
});
