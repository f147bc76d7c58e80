/** The browser may kill a worker at any moment. The next one finds the old state or the new one, never a mixture. */
import type {Page} from 'playwright';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const LINE = 'mailwoman-assets-de-de';

let stage: Stage;
let page: Page;

beforeAll(async () => {
  stage = await openSharedStage(['holdfast', 'stopping']);
});

afterAll(() => stage.close());

const url = (version: string, file: string): string => stage.assetUrl(`de-de/${version}/${file}`);

describe('a worker that is killed during a request', () => {
  /**
   * Starts to load a file, and resolves when the page has its first bytes. If the worker were killed before that, the
   * browser would start it again for the same request.
   *
   * @returns a function that returns how the load ends.
   */
  const startToLoad = async (file: string): Promise<() => Promise<'complete' | 'cut'>> => {
    const body = await page.evaluateHandle(async (one) => {
      const response = await fetch(one);
      return {
        end: response.arrayBuffer().then(
          () => 'complete' as const,
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

  it('stores nothing, and the next request fetches the complete file', async () => {
    const model = url('v0.6.0', 'model.onnx');
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 300_000});
    const end = await startToLoad(model);
    await stall.reached;
    await stage.browser.killWorkers();
    expect(await end()).toBe('cut');
    stall.release();

    expect(Object.values(await page.evaluate(() => stored())).flat()).toEqual([]);
    const {size} = await page.evaluate((one) => load(one), model);
    expect(size).toBe(stage.file('de-de/v0.6.0/model.onnx').size);
    await expect.poll(async () => (await page.evaluate(() => stored()))[`${LINE}-v0.6.0`]).toEqual([model]);
  });

  it('leaves an empty cache at most, which the next request fills', async () => {
    const [model, tokenizer] = [url('v0.6.0', 'model.onnx'), url('v0.6.0', 'tokenizer.model')];
    const stall = stage.origins.fault({match: model, kind: 'stall', afterBytes: 300_000});
    const end = await startToLoad(model);
    await expect.poll(() => page.evaluate(() => stored())).toEqual({[`${LINE}-v0.6.0`]: []});
    await stage.browser.killWorkers();
    expect(await end()).toBe('cut');
    stall.release();

    await page.evaluate((one) => load(one), tokenizer);
    await expect.poll(() => page.evaluate(() => stored())).toEqual({[`${LINE}-v0.6.0`]: [tokenizer]});
  });
});

describe('a worker that is killed during a switch', () => {
  /** Stores two releases, makes v0.6.0 current, and stops the switch to v0.7.0 before its n-th step. */
  const stopSwitchBefore = async (step: number): Promise<'stopped' | 'done'> => {
    await stage.reset();
    page = await stage.openControlledPage('stopping');
    await page.evaluate((line) => holdfast.line(line).switchTo('v0.6.0', {allowEmpty: true}), LINE);
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
          holdfast
            .line(line)
            .switchTo('v0.7.0', {keep: 0, timeoutSeconds: 5})
            .then(
              () => resolve('done'),
              () => undefined,
            );
        }),
      [LINE, step] as const,
    );
  };

  it('has switched completely or not at all, at each step', async () => {
    const seen: string[] = [];
    for (let step = 1; ; step++) {
      const end = await stopSwitchBefore(step);
      if (end === 'done') {
        expect(step).toBeGreaterThan(5);
        break;
      }
      await stage.browser.killWorkers();

      // The next start cleans up, whatever started it.
      const current = await page.evaluate((line) => holdfast.line(line).current(), LINE);
      seen.push(String(current));
      const expected = current === 'v0.6.0' ? ['v0.6.0', 'v0.7.0'] : ['v0.7.0'];
      await expect
        .poll(async () => Object.keys(await page.evaluate(() => stored())), {
          message: `killed before step ${step}`,
        })
        .toEqual(expected.map((version) => `${LINE}-${version}`));
      // The switch can be repeated.
      await page.evaluate((line) => holdfast.line(line).switchTo('v0.7.0', {keep: 0}), LINE);
      expect(Object.keys(await page.evaluate(() => stored()))).toEqual([`${LINE}-v0.7.0`]);
    }
    expect(new Set(seen)).toEqual(new Set(['v0.6.0', 'v0.7.0']));
    expect(seen).toEqual([...seen].sort());
  });
});
