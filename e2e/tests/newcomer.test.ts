/** The first recipe of the README in an empty project with Vite, from the packed packages: a model, offline. */
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {Page} from 'playwright';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import {packPackages} from '../harness/packPackages.ts';
import {publishFolder} from '../harness/publishFolder.ts';
import {readmeSamples} from '../harness/readmeSamples.ts';

const run = promisify(execFile);

const MODEL = 'https://huggingface.co/mailwoman/tiny/resolve/main/model.safetensors';

const INDEX = '<!doctype html><title>App</title><script type="module" src="/src/main.ts"></script>';

/** What the app does with the model, behind the sample of the README. */
const USE = `
const model = await (await fetch('${MODEL}')).arrayBuffer();
const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', model));
document.title = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
`;

/** The rest of a new project's `compilerOptions`. */
const STRICT = {
  strict: true,
  noEmit: true,
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'bundler',
  types: [],
};

/** The tools of an app with Vite, in the versions of this workspace. */
const TOOLS = ['typescript', 'vite', 'vite-plugin-pwa'];

let project: string;
/** What npm printed while it installed. */
let installed = '';
let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage([]);
  project = await mkdtemp(join(tmpdir(), 'holdfast-newcomer-'));
  const [[install = ''], [config = ''], [register = '']] = [
    (await readmeSamples('')).filter((code) => code.startsWith('npm install')),
    await readmeSamples('diff'),
    await readmeSamples('js'),
  ];

  const tarballs = await packPackages(join(project, 'tarballs'));
  const {stdout: catalog} = await run('pnpm', ['config', 'get', 'catalog', '--json']);
  const versions: Record<string, string> = JSON.parse(catalog);
  const devDependencies = Object.fromEntries(TOOLS.map((name) => [name, versions[name]]));
  // The packages that these depend on are not in the registry in this version.
  const overrides = Object.fromEntries(Object.entries(tarballs).filter(([name]) => !install.includes(name)));
  const manifest = {name: 'app', private: true, type: 'module', devDependencies, overrides};
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(project, 'index.html'), INDEX);
  await writeFile(
    join(project, 'vite.config.ts'),
    config.replaceAll(/^-.*\n/gm, '').replaceAll(/^[+ ]/gm, ''),
  );
  await mkdir(join(project, 'src'));
  await writeFile(join(project, 'src/main.ts'), register + USE);

  for (const command of install.trim().split('\n')) {
    const [npm = '', ...words] = command.split(' ').map((word) => tarballs[word] ?? word);
    const quick = ['--no-audit', '--no-fund', '--prefer-offline'];
    const {stdout, stderr} = await run(npm, [...words, ...quick], {cwd: project});
    installed += stdout + stderr;
  }
  await run('npx', ['vite', 'build'], {cwd: project});
  await publishFolder(stage.origins.app, join(project, 'dist'));
}, 300_000);

afterAll(async () => {
  await stage.close();
  await rm(project, {recursive: true, force: true});
});

/** Returns what the compiler says of a file. */
const check = async (file: string, compilerOptions: object): Promise<string[]> => {
  const name = join(project, 'tsconfig.json');
  await writeFile(name, JSON.stringify({compilerOptions: {...STRICT, ...compilerOptions}, files: [file]}));
  const {stdout} = await run('npx', ['tsc'], {cwd: project}).catch((error) => error);
  return stdout.split('\n').filter((line: string) => line);
};

it('the packages install without a warning about peers', () => {
  expect(installed).not.toMatch(/peer|ERESOLVE|overriding/i);
});

it('the page compiles under strict, with the declarations of all packages', async () => {
  expect(await check('src/main.ts', {lib: ['ES2022', 'DOM', 'DOM.Iterable']})).toEqual([]);
});

it('the configuration compiles under strict', async () => {
  expect(await check('vite.config.ts', {lib: ['ES2023'], skipLibCheck: true})).toEqual([]);
});

it('the declarations that the configuration reads are free of errors, but for those of the tools', async () => {
  const errors = await check('vite.config.ts', {lib: ['ES2023', 'WebWorker']});
  // Vite's need those of Node, and those of its plugin need packages that it does not install.
  expect(errors.filter((line) => !/^(node_modules\/vite|\s)/.test(line))).toEqual([]);
});

it('the first load stores the model', async () => {
  const [{files}] = stage.origins.content.model.commits;
  const model = files.find(({path}) => path === 'model.safetensors');
  page = await stage.browser.context.newPage();
  await page.goto(`${stage.app}/`);
  await expect.poll(() => page.title()).toBe(model?.sha256);
  await expect.poll(() => page.evaluate(async (url) => (await caches.match(url))?.status, MODEL)).toBe(200);
});

it('a reload without the network shows the page and has the bytes of the model', async () => {
  const title = await page.title();
  await stage.browser.clearHttpCache();
  await stage.browser.setOffline(true);
  await stage.origins.log.settled();
  stage.origins.log.clear();
  await page.reload();
  await expect.poll(() => page.title()).toBe(title);
  // The browser may look for a new worker at any time.
  expect(stage.origins.log.requests().filter(({path}) => !/^\/(sw|workbox-\w+)\.js$/.test(path))).toEqual([]);
});
