/** A real model in a real runtime, both from the cache, with the known result. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';
import type {ModelExample} from '../origins/startOrigins.ts';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage();
  page = await stage.openControlledPage();
});

afterAll(() => stage.close());

const exampleOf = (version: string): ModelExample => stage.release('en-us', version).model;

const runModel = (version: string): Promise<number[]> =>
  page.evaluate(
    async ([runtime, model, {input, inputName, outputName}]) => {
      const ort = await importModule(runtime);
      ort.env.wasm.numThreads = 1;
      const bytes = new Uint8Array(await (await fetch(model)).arrayBuffer());
      const session = await ort.InferenceSession.create(bytes, {executionProviders: ['wasm']});
      const tensor = new ort.Tensor('float32', Float32Array.from(input), [1, input.length]);
      const results = await session.run({[inputName]: tensor});
      return Array.from(results[outputName].data as Float32Array);
    },
    [
      `${stage.origins.origin.jsdelivr}/npm/onnxruntime-web@1.30.0/dist/ort.wasm.min.mjs`,
      stage.assetUrl(`en-us/${version}/model.onnx`),
      exampleOf(version),
    ] as const,
  );

const expectResult = (result: number[], version: string): void => {
  const {output} = exampleOf(version);
  expect(result).toHaveLength(output.length);
  for (const [index, value] of output.entries()) {
    expect(result[index]).toBeCloseTo(value, 4);
  }
};

it('a model computes the known result of its version, online and offline', async () => {
  expectResult(await runModel('v0.6.0'), 'v0.6.0');
  await expect.poll(async () => Object.values(await page.evaluate(() => stored())).flat().length).toBe(4);
  await page.close();
  await stage.browser.clearHttpCache();
  page = await stage.openControlledPage();
  stage.origins.log.clear();
  await stage.browser.setOffline(true);

  expectResult(await runModel('v0.6.0'), 'v0.6.0');
  // The browser may look for a new worker at any time.
  expect(stage.origins.log.requests().filter(({path}) => path !== '/holdfast.js')).toEqual([]);
  await stage.browser.setOffline(false);
  await page.evaluate(() => holdfast.line('mailwoman-assets-en-us').switchTo('v0.7.0', {allowEmpty: true}));
  expectResult(await runModel('v0.7.0'), 'v0.7.0');
});
