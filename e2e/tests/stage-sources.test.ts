/** Releases staged from lists of the hosts themselves: the Hub's listing, a lock file of Pyodide. */
import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {joinManifests, type Manifest, readHubTree, readManifest, readPyodideLock} from '@holdfast/manifest';
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const WORKER = `
  import {huggingFace, pyodide, registerAssets, staging} from '@holdfast/service-worker';

  registerAssets([...huggingFace(), ...pyodide()], {features: [staging()]});
`;

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage([]);
  stage.origins.app.set('/recipes.js', await bundle({code: WORKER}));
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage('recipes');
});

const read = (url: string): Promise<{text: string; link: string | null}> =>
  page.evaluate(async (one) => {
    const response = await fetch(one);
    return {text: await response.text(), link: response.headers.get('link')};
  }, url);

const stageFrom = (line: string, version: string, manifest: Manifest) =>
  page.evaluate(([one, name, files]) => holdfast.line(one).stage(name, {manifest: files}), [
    line,
    version,
    manifest,
  ] as const);

/** Returns the requests to hosts of assets, without the browser's own check for an update of the worker. */
const outgoing = () => stage.origins.log.requests().filter(({to}) => to !== 'app');

it('a model is staged from the listing of the Hub, and the next version reuses files', async () => {
  const {id, commits} = stage.origins.content.model;
  const manifests: Manifest[] = [];
  for (const {commit} of commits) {
    const pages: Manifest[] = [];
    let next: string | undefined =
      `${stage.origins.origin.hub}/api/models/${id}/tree/${commit}?recursive=true&limit=2`;
    while (next) {
      const {text, link}: {text: string; link: string | null} = await read(next);
      pages.push(readHubTree(text, {repository: id, revision: commit}));
      next = /<([^>]+)>; rel="next"/.exec(link ?? '')?.[1];
    }
    expect(pages.length).toBeGreaterThan(1);
    manifests.push(joinManifests(...pages));
  }
  const kinds = manifests.flatMap(({assets}) => assets.map(({digest}) => digest?.algorithm));
  expect(new Set(kinds)).toEqual(new Set(['sha256', 'git-blob-sha1']));

  const line = `huggingface-${id}`;
  const [older, newer] = commits;
  const [first, second] = manifests as [Manifest, Manifest];
  const bytes = ({assets}: Manifest, isMeant = (_: Manifest['assets'][number]) => true) =>
    assets.filter(isMeant).reduce((sum, {size = 0}) => sum + size, 0);
  expect((await stageFrom(line, older.commit, first)).bytes.fetched).toBe(bytes(first));
  await page.evaluate(([one, name]) => holdfast.line(one).switchTo(name), [line, older.commit] as const);

  const known = new Set(first.assets.map(({digest}) => digest?.hex));
  const report = await stageFrom(line, newer.commit, second);
  expect(report.bytes.fetched).toBe(bytes(second, ({digest}) => !known.has(digest?.hex)));
  expect(report.bytes.reused).toBe(bytes(second, ({digest}) => known.has(digest?.hex)));

  await stage.browser.clearHttpCache();
  await stage.browser.setOffline(true);
  await page.evaluate(([one, name]) => holdfast.line(one).switchTo(name), [line, newer.commit] as const);
  for (const {url, size} of second.assets) {
    expect(await page.evaluate((one) => load(one), url)).toMatchObject({status: 200, size});
  }
});

it('a version of Pyodide is staged with its lock file and a wheel, and boots offline', async () => {
  const base = 'https://cdn.jsdelivr.net/pyodide/v314.0.7/full/';
  const folder = fileURLToPath(new URL('.', import.meta.resolve('pyodide/package.json')));
  const cli = fileURLToPath(import.meta.resolve('@holdfast/build').replace(/index\.js$/, 'cli.js'));
  const files = ['pyodide.mjs', 'pyodide.asm.mjs', 'pyodide.asm.wasm', 'python_stdlib.zip'];
  const {stdout} = await promisify(execFile)(process.execPath, [
    cli,
    'manifest',
    folder,
    '--base',
    base,
    ...files.flatMap((file) => ['--include', file]),
  ]);
  const {text} = await read(`${base}pyodide-lock.json`);
  const wheels = readPyodideLock(text, `${base}pyodide-lock.json`, {packages: ['mailwoman-places']});
  const lock = {assets: [{url: `${base}pyodide-lock.json`, size: Buffer.byteLength(text)}]};
  const manifest = joinManifests(readManifest(stdout, base), lock, wheels);
  expect(manifest.assets).toHaveLength(6);

  const report = await stageFrom('pyodide', '314.0.7', manifest);
  expect(report.assets).toBe(6);
  await page.evaluate(() => holdfast.line('pyodide').switchTo('314.0.7'));
  await page.close();
  page = await stage.openControlledPage('recipes');
  await stage.browser.clearHttpCache();
  await stage.browser.setOffline(true);
  stage.origins.log.clear();

  const build = await page.evaluate(async (indexURL) => {
    const {loadPyodide} = await importModule(`${indexURL}pyodide.mjs`);
    const python = await loadPyodide();
    await python.loadPackage('mailwoman-places');
    return python.runPython('import mailwoman_places; mailwoman_places.BUILD');
  }, base);
  const {build: expected} =
    stage.origins.content.wheels.find(
      ({origin, path}) => origin === 'jsdelivr' && path.includes('/v314.0.7/'),
    ) ?? {};
  expect(build).toBe(expected);
  expect(outgoing()).toEqual([]);
});
