/** The packages as npm hands them out: packed, and installed with plain npm in an empty project. */
import {execFile} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {packPackages} from '../harness/packPackages.ts';

const run = promisify(execFile);

/** What `npm ls` prints of a package. */
interface Tree {
  version?: string;
  dependencies?: Record<string, Tree>;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let project: string;
/** What npm printed while it installed. */
let installed: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'holdfast-packed-'));
  const dependencies = await packPackages(join(project, 'tarballs'));
  await writeFile(
    join(project, 'package.json'),
    JSON.stringify({name: 'app', private: true, type: 'module', dependencies}),
  );
  const {stdout, stderr} = await run('npm', ['install', '--no-audit', '--no-fund'], {
    cwd: project,
    maxBuffer: 10_000_000,
  });
  installed = stdout + stderr;
}, 300_000);

afterAll(() => rm(project, {recursive: true, force: true}));

it('the packages install without a warning about peers', () => {
  expect(installed).not.toMatch(/peer/i);
  expect(installed).not.toMatch(/ERESOLVE|overriding/);
});

it('npm installs one copy of each package, and of Workbox', async () => {
  const {stdout} = await run('npm', ['ls', '--all', '--json'], {cwd: project, maxBuffer: 50_000_000});
  const versions = new Map<string, Set<string>>();
  const collect = ({dependencies = {}}: Tree): void => {
    for (const [name, dependency] of Object.entries(dependencies)) {
      if (/^(@holdfast\/|workbox-core$)/.test(name)) {
        versions.set(name, (versions.get(name) ?? new Set()).add(dependency.version ?? ''));
      }
      collect(dependency);
    }
  };
  collect(JSON.parse(stdout));
  expect([...versions.keys()].toSorted()).toEqual([
    '@holdfast/build',
    '@holdfast/manifest',
    '@holdfast/service-worker',
    '@holdfast/window',
    'workbox-core',
  ]);
  expect([...versions.values()].map(({size}) => size)).toEqual([1, 1, 1, 1, 1]);
});

it('pure functions run in Node, without Workbox', async () => {
  const code =
    "import {stableKey} from '@holdfast/service-worker/keys';" +
    "console.log(stableKey('https://hf.co/a/b/resolve/main/c.onnx?download=true'));";
  const {stdout} = await run('node', ['--input-type=module', '--eval', code], {cwd: project});
  expect(stdout.trim()).toBe('https://huggingface.co/a/b/resolve/main/c.onnx');
});

it('the command is installed', async () => {
  const {stdout} = await run('npx', ['holdfast', '--help'], {cwd: project});
  expect(stdout).toContain('holdfast manifest');
});

const PAGE = `
import {download, line, register} from '@holdfast/window';

await register('/sw.js');
const models = line('models', {locale: 'en-us'});
await models.stage('v0.7.0', {manifest: '/models-v0.7.0.json', onProgress: ({bytes}) => bytes.fetched});
await models.switchTo('v0.7.0');
await download('https://huggingface.co/a/b/resolve/main/c.onnx').done;
`;

const CONFIG = `
import {huggingFace, pyodide, quotaGuard, release, stableKey, withHoldfast, type WithRoutes} from '@holdfast/build';

/** As those of a tool: Workbox's own declarations need those of Node. */
interface Options {
  swDest: string;
  globDirectory?: string;
  runtimeCaching?: {urlPattern: RegExp; handler: string}[];
}

const config: WithRoutes<Options> = {
  globDirectory: 'dist',
  swDest: 'dist/sw.js',
  runtimeCaching: [
    ...pyodide(),
    ...huggingFace({only: 'https://huggingface.co/onnx-community/*'}),
    release({name: 'models', url: 'https://huggingface.co/buckets/acme/assets/resolve/:locale/:version/*'}),
    {urlPattern: /^https:/, handler: 'CacheFirst', options: {cacheName: 'rest', plugins: [stableKey(), quotaGuard()]}},
  ],
};

export default withHoldfast(config, {staging: true, adopt: ['models']});
`;

const WORKER = `
import {downloads, pyodide, registerAssets, staging} from '@holdfast/service-worker';

registerAssets(pyodide(), {features: [staging(), downloads()]});
`;

it.each([
  ['bundler', 'ESNext'],
  ['node16', 'Node16'],
])('the types compile under moduleResolution %s', async (moduleResolution, module) => {
  const compilerOptions = {
    module,
    moduleResolution,
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    strict: true,
    noEmit: true,
    // Workbox's own declarations do not pass without it.
    skipLibCheck: true,
    types: [],
  };
  await writeFile(join(project, 'page.ts'), PAGE);
  await writeFile(join(project, 'config.ts'), CONFIG);
  await writeFile(join(project, 'worker.ts'), WORKER);
  await writeFile(
    join(project, 'tsconfig.json'),
    JSON.stringify({compilerOptions, files: ['page.ts', 'config.ts', 'worker.ts']}),
  );
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const {stdout} = await run('node', [compiler, '-p', project]).catch((error) => error);
  expect(stdout).toBe('');
});
