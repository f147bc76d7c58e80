/** Builds the demo into `dist`: `node build.ts`. With `HOLDFAST_DEV=1`, the worker logs its decisions. */
import {createHash} from 'node:crypto';
import {cpSync, readdirSync, readFileSync, rmSync} from 'node:fs';
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

/** Returns what Workbox precaches: the page's files, each with a hash that changes when the file does. */
const precacheManifest = (): {url: string; revision: string}[] =>
  readdirSync(DIST)
    .filter((file) => !file.endsWith('.map'))
    .map((url) => ({
      url,
      revision: createHash('sha256')
        .update(readFileSync(DIST + url))
        .digest('hex')
        .slice(0, 16),
    }));

checkInstalled('onnxruntime-web', ONNXRUNTIME_VERSION);
checkInstalled('pyodide', PYODIDE_VERSIONS[0]);

rmSync(DIST, {recursive: true, force: true});
cpSync(pathOf('static/'), DIST, {recursive: true});
await build({
  ...OPTIONS,
  format: 'esm',
  entryPoints: {main: pathOf('src/page/main.ts'), python: pathOf('src/worker/python.ts')},
  outdir: DIST,
});

// The worker comes last, because it lists the other files.
const manifest = precacheManifest();
await build({
  ...OPTIONS,
  format: 'iife',
  define: {...OPTIONS.define, 'self.__WB_MANIFEST': JSON.stringify(manifest)},
  entryPoints: {sw: pathOf('src/worker/sw.ts')},
  outdir: DIST,
});
console.log(`demo/dist: sw.js, and ${manifest.map(({url}) => url).join(', ')}`);
