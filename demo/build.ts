/** Builds the demo into `dist`: `node build.ts`. With `HOLDFAST_DEV=1`, the worker logs its decisions. */
import {createHash} from 'node:crypto';
import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {type BuildOptions, build} from 'esbuild';
import {ONNXRUNTIME_VERSION, PYODIDE_VERSIONS} from './src/versions.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const DIST = pathOf('dist/');

const OPTIONS: BuildOptions = {
  bundle: true,
  sourcemap: true,
  target: 'es2022',
  define: {
    'process.env.NODE_ENV': JSON.stringify(process.env.HOLDFAST_DEV ? 'development' : 'production'),
  },
};

/** jsDelivr serves every version. The local origins serve only the installed one. */
const checkInstalled = (packageName: string, wanted: string): void => {
  const manifest = pathOf(`node_modules/${packageName}/package.json`);
  const {version} = JSON.parse(readFileSync(manifest, 'utf8'));
  if (version !== wanted) {
    throw new Error(
      `src/versions.ts must have the installed version of ${packageName}, ${version}, but has ${wanted}.`,
    );
  }
};

/** Returns what Workbox precaches: the files of a page's folder, each with a hash that changes when the file does. */
const precacheManifest = (folder: string): {url: string; revision: string}[] =>
  readdirSync(folder, {withFileTypes: true})
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map'))
    .map(({name: url}) => ({
      url,
      revision: createHash('sha256')
        .update(readFileSync(folder + url))
        .digest('hex')
        .slice(0, 16),
    }));

/** Builds a worker into the folder of its page. It comes last, because it lists the other files. */
const buildWorker = async (source: string, folder: string): Promise<void> => {
  const manifest = precacheManifest(folder);
  await build({
    ...OPTIONS,
    format: 'iife',
    define: {...OPTIONS.define, 'self.__WB_MANIFEST': JSON.stringify(manifest)},
    entryPoints: {sw: pathOf(source)},
    outdir: folder,
  });
  console.log(`${folder}: sw.js, and ${manifest.map(({url}) => url).join(', ')}`);
};

/** Builds one side of the race: the page is the same on both, and has a scope of its own. */
const buildSide = async (side: string): Promise<void> => {
  const folder = `${DIST}race/${side}/`;
  cpSync(pathOf('static/race/'), folder, {recursive: true});
  await build({
    ...OPTIONS,
    format: 'esm',
    entryPoints: {page: pathOf(`src/race/${side}.ts`)},
    outdir: folder,
  });
  await buildWorker(`src/worker/race/${side}.ts`, folder);
};

/** What the page links to, so that it can be read without a copy of the repository. */
const SOURCES = {
  'README.md': '../README.md',
  'demo.md': 'README.md',
  'sw.ts': 'src/worker/sw.ts',
  'workbox.ts': 'src/worker/race/workbox.ts',
  'holdfast.ts': 'src/worker/race/holdfast.ts',
};

checkInstalled('onnxruntime-web', ONNXRUNTIME_VERSION);
checkInstalled('pyodide', PYODIDE_VERSIONS[0]);

rmSync(DIST, {recursive: true, force: true});
cpSync(pathOf('static/'), DIST, {
  recursive: true,
  // Each side of the race has a copy of its own.
  filter: (from) => !from.startsWith(pathOf('static/race')),
});
mkdirSync(`${DIST}source`);
for (const [name, from] of Object.entries(SOURCES)) {
  cpSync(pathOf(from), `${DIST}source/${name}`);
}
await build({
  ...OPTIONS,
  format: 'esm',
  entryPoints: {main: pathOf('src/page/main.ts'), python: pathOf('src/worker/python.ts')},
  outdir: DIST,
});
await Promise.all([buildWorker('src/worker/sw.ts', DIST), ...['workbox', 'holdfast'].map(buildSide)]);
