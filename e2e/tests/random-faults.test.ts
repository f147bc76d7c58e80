/**
 * Random sequences of questions and faults, checked against the promises of the packages.
 *
 * - `HOLDFAST_FAULT_SEQUENCES`: how many are played in memory, 100 by default; a tenth of that in Chromium.
 * - `HOLDFAST_FAULT_SEED`: plays the same ones again; with `HOLDFAST_FAULT_PATH` only the one that failed.
 */
import {Script} from 'node:vm';
import {afterAll, beforeAll, describe, it} from 'vitest';
import {checkSequences} from '../faults/checkSequences.ts';
import {ChromiumWorld} from '../faults/chromium/ChromiumWorld.ts';
import {knownAssets} from '../faults/content.ts';
import {InMemoryWorld, ORIGIN} from '../faults/memory/InMemoryWorld.ts';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const {
  HOLDFAST_FAULT_SEQUENCES = '100',
  HOLDFAST_FAULT_SEED = `${Date.now() % 2 ** 31}`,
  HOLDFAST_FAULT_PATH: path,
} = process.env;
const seed = Number(HOLDFAST_FAULT_SEED);
const inMemory = Number(HOLDFAST_FAULT_SEQUENCES);
const inChromium = Math.ceil(inMemory / 10);

/** Enough on a slow machine. The rest of it is left to shrink a failed sequence. */
const SECONDS_IN_MEMORY = 60 + inMemory;
const SECONDS_IN_CHROMIUM = 120 + 15 * inChromium;

describe('random faults', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openSharedStage([]);
    stage.origins.app.set('/faults.js', knownAssets(stage.app) + (await bundle('workers/faultsInSteps.ts')));
  });

  afterAll(() => stage.close());

  it(
    'break no promise in memory',
    async () => {
      const script = new Script(knownAssets(ORIGIN) + (await bundle('workers/faults.ts')));
      await checkSequences({
        where: 'in memory',
        count: inMemory,
        maxParts: 40,
        seed,
        path,
        timeLimitSeconds: SECONDS_IN_MEMORY,
        open: (order) => InMemoryWorld.open(script, order),
      });
    },
    2000 * SECONDS_IN_MEMORY,
  );

  it(
    'break no promise in Chromium',
    () =>
      checkSequences({
        where: 'in Chromium',
        count: inChromium,
        maxParts: 20,
        seed,
        path,
        timeLimitSeconds: SECONDS_IN_CHROMIUM,
        open: () => ChromiumWorld.open(stage),
      }),
    2000 * SECONDS_IN_CHROMIUM,
  );
});
