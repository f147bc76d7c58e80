/** A real Python runtime from the CDN: cold, warm, offline, and in a new version. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage();
});

afterAll(() => stage.close());

beforeEach(async () => {
  await stage.reset();
  page = await stage.openControlledPage();
});

/** Boots Pyodide as its documentation describes, and runs some code. */
const runPython = (version: string): Promise<unknown> =>
  page.evaluate(async (url) => {
    const {loadPyodide} = await importModule(url);
    const pyodide = await loadPyodide();
    return [pyodide.version, pyodide.runPython('import sys; f"{sys.version_info.major}: {sum(range(101))}"')];
  }, `${stage.origins.origin.jsdelivr}/pyodide/v${version}/full/pyodide.mjs`);

const FILES = [
  'pyodide-lock.json',
  'pyodide.asm.mjs',
  'pyodide.asm.wasm',
  'pyodide.mjs',
  'python_stdlib.zip',
];

const whenStored = (version: string) =>
  expect
    .poll(async () => (await page.evaluate(() => stored()))[`pyodide-${version}`]?.sort())
    .toEqual(FILES.map((file) => `${stage.origins.origin.jsdelivr}/pyodide/v${version}/full/${file}`));

/** Opens another page: a second boot in the same page would find the modules in memory. */
const comeBack = async (): Promise<void> => {
  await page.close();
  await stage.browser.clearHttpCache();
  stage.origins.log.clear();
  page = await stage.openControlledPage();
};

it('Pyodide boots again without a request to the CDN', async () => {
  expect(await runPython('314.0.7')).toEqual(['314.0.7', '3: 5050']);
  await whenStored('314.0.7');
  await comeBack();

  expect(await runPython('314.0.7')).toEqual(['314.0.7', '3: 5050']);
  expect(stage.origins.log.requests({to: 'jsdelivr'})).toEqual([]);
});

it('Pyodide boots offline, after a restart of the browser', async () => {
  await runPython('314.0.7');
  await whenStored('314.0.7');
  await stage.browser.restart();
  await comeBack();
  await stage.browser.setOffline(true);

  expect(await runPython('314.0.7')).toEqual(['314.0.7', '3: 5050']);
});

it('two versions do not mix, and a switch deletes the old one', async () => {
  await runPython('314.0.6');
  await whenStored('314.0.6');
  await comeBack();
  expect(await runPython('314.0.7')).toEqual(['314.0.7', '3: 5050']);
  await whenStored('314.0.7');
  await whenStored('314.0.6');

  await page.evaluate(() => holdfast.line('pyodide').switchTo('314.0.7', {keep: 0}));
  expect(Object.keys(await page.evaluate(() => stored()))).toEqual(['pyodide-314.0.7']);
  await comeBack();
  await stage.browser.setOffline(true);
  expect(await runPython('314.0.7')).toEqual(['314.0.7', '3: 5050']);
});

it('WebAssembly from the cache has the content type with which it compiles while it streams', async () => {
  const url = `${stage.origins.origin.jsdelivr}/pyodide/v314.0.7/full/pyodide.asm.wasm`;
  for (let visit = 0; visit < 2; visit++) {
    const type = await page.evaluate(async (one) => {
      const response = await fetch(one);
      const compiled = await WebAssembly.compileStreaming(response.clone());
      return [response.headers.get('content-type'), compiled instanceof WebAssembly.Module];
    }, url);
    expect(type).toEqual(['application/wasm', true]);
    await expect.poll(async () => (await page.evaluate(() => stored()))['pyodide-314.0.7']).toEqual([url]);
  }
});

it('the list has the bytes that a page reads, not the compressed bytes of the CDN', async () => {
  const url = `${stage.origins.origin.jsdelivr}/pyodide/v314.0.7/full/pyodide.asm.wasm`;
  const {size, headers} = await page.evaluate((one) => load(one), url);
  expect(headers['content-encoding']).toBe('br');
  await expect.poll(async () => (await page.evaluate(() => stored()))['pyodide-314.0.7']).toEqual([url]);

  const [pyodide] = await page.evaluate(() => holdfast.releases());
  expect(pyodide?.releases[0]?.bytes).toBe(size);
});
