/** The browser may end a worker at any moment. What it finds at its next start is old or new, never between. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openStage, type Stage} from '../harness/openStage.ts';

const LINE = 'mailwoman-assets-de-de';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openStage(['holdfast', 'stopping']);
});

afterAll(() => stage.close());

const url = (version: string, file: string): string => stage.assetUrl(`de-de/${version}/${file}`);

describe('a worker that is killed in the middle of a download', () => {
  /**
   * Begins to load a file, and goes on when the page has the beginning of it. Killed before that, the worker would be
   * started again for the same request, without the page's knowing.
   *
   * @returns how it ends.
   */
  const beginToLoad = async (file: string): Promise<() => Promise<'whole' | 'cut'>> => {
    const body = await page.evaluateHandle(async (one) => {
      const response = await fetch(one);
      return {
        end: response.arrayBuffer().then(
          () => 'whole' as const,
          () => 'cut' as const,
        ),
      };
    }, file);
    return () => body.evaluate(({end}) => end);
  };

  beforeEach(async () => {
    await stage.reset();
    page = await stage.openControlledPage('holdfast');
  });

  it('leaves nothing of it, and the next request fetches the whole', async () => {
    const model = url('v0.6.0', 'model.onnx');
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 300_000});
    const end = await beginToLoad(model);
    await stall.reached;
    await stage.browser.killWorkers();
    expect(await end()).toBe('cut');
    stall.release();

    expect(Object.values(await page.evaluate(() => stored())).flat()).toEqual([]);
    const {size} = await page.evaluate((one) => load(one), model);
    expect(size).toBe(stage.file('de-de/v0.6.0/model.onnx').size);
    await expect.poll(async () => (await page.evaluate(() => stored()))[`${LINE}-v0.6.0`]).toEqual([model]);
  });

  it('leaves an empty cache at the most, which the next download fills', async () => {
    const [model, tokenizer] = [url('v0.6.0', 'model.onnx'), url('v0.6.0', 'tokenizer.model')];
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 300_000});
    const end = await beginToLoad(model);
    await expect.poll(() => page.evaluate(() => stored())).toEqual({[`${LINE}-v0.6.0`]: []});
    await stage.browser.killWorkers();
    expect(await end()).toBe('cut');
    stall.release();

    await page.evaluate((one) => load(one), tokenizer);
    await expect.poll(() => page.evaluate(() => stored())).toEqual({[`${LINE}-v0.6.0`]: [tokenizer]});
  });
});

describe('a worker that is killed in the middle of a switch', () => {
  /** Two releases are stored and v0.6.0 is current; then the switch to v0.7.0 stops before its n-th step. */
  const stopSwitchBefore = async (step: number): Promise<'stopped' | 'done'> => {
    await stage.reset();
    page = await stage.openControlledPage('stopping');
    await page.evaluate((line) => holdfast.switchVersion(line, 'v0.6.0'), LINE);
    for (const version of ['v0.6.0', 'v0.7.0']) {
      const file = url(version, 'tokenizer.model');
      await page.evaluate((one) => load(one), file);
      await expect
        .poll(async () => (await page.evaluate(() => stored()))[`${LINE}-${version}`])
        .toEqual([file]);
    }
    return page.evaluate(
      ([line, before]) =>
        new Promise<'stopped' | 'done'>((resolve) => {
          const channel = new BroadcastChannel('stopping');
          channel.onmessage = ({data}) => data === 'stopped' && resolve('stopped');
          channel.postMessage({stopBefore: before});
          holdfast.switchVersion(line, 'v0.7.0', {keep: 0, timeoutSeconds: 5}).then(
            () => resolve('done'),
            () => undefined,
          );
        }),
      [LINE, step] as const,
    );
  };

  it('has switched whole or not at all, whichever step it was killed before', async () => {
    const seen: string[] = [];
    for (let step = 1; ; step++) {
      const end = await stopSwitchBefore(step);
      if (end === 'done') {
        expect(step).toBeGreaterThan(5);
        break;
      }
      await stage.browser.killWorkers();

      // The next start, by any request, puts in order what is left.
      const current = await page.evaluate((line) => holdfast.currentVersion(line), LINE);
      seen.push(String(current));
      const expected = current === 'v0.6.0' ? ['v0.6.0', 'v0.7.0'] : ['v0.7.0'];
      await expect
        .poll(async () => Object.keys(await page.evaluate(() => stored())), {
          message: `killed before step ${step}`,
        })
        .toEqual(expected.map((version) => `${LINE}-${version}`));
      // And the switch can be asked for again.
      await page.evaluate((line) => holdfast.switchVersion(line, 'v0.7.0', {keep: 0}), LINE);
      expect(Object.keys(await page.evaluate(() => stored()))).toEqual([`${LINE}-v0.7.0`]);
    }
    expect(new Set(seen)).toEqual(new Set(['v0.6.0', 'v0.7.0']));
    expect(seen).toEqual([...seen].sort());
  });
});
