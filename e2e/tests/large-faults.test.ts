/**
 * Random sequences of requests for large files, and of faults of connections, workers, pages, hosts and storage.
 *
 * - `HOLDFAST_FAULT_SEQUENCES`: how many are played, others each time. By default it is always the same 8.
 * - `HOLDFAST_FAULT_SEED`: plays the same ones again; with `HOLDFAST_FAULT_PATH` only the one that failed.
 */
import fc from 'fast-check';
import {afterAll, beforeAll, it} from 'vitest';
import {sequences} from '../faults/large/actions.ts';
import {LargeFilesWorld, readContents, workerCode} from '../faults/large/LargeFilesWorld.ts';
import {bundle} from '../harness/bundle.ts';
import {openSharedStage, type Stage} from '../harness/openSharedStage.ts';

const {HOLDFAST_FAULT_SEQUENCES, HOLDFAST_FAULT_SEED, HOLDFAST_FAULT_PATH: path} = process.env;
const count = Number(HOLDFAST_FAULT_SEQUENCES ?? 8);
const seed = Number(HOLDFAST_FAULT_SEED ?? (HOLDFAST_FAULT_SEQUENCES ? Date.now() % 2 ** 31 : 100));

/** Enough on a slow machine. The rest of it is left to shrink a failed sequence. */
const SECONDS = 60 + 15 * count;

let stage: Stage;

beforeAll(async () => {
  stage = await openSharedStage([]);
  stage.origins.app.set('/large-faults.js', await bundle({code: workerCode(stage)}));
});

afterAll(() => stage.close());

it(
  'random faults break no promise about large files',
  async () => {
    console.log(`Fault sequences of large files, HOLDFAST_FAULT_SEED=${seed}`);
    const contents = await readContents(stage);
    let actions = 0;
    const property = fc.asyncProperty(sequences, async (sequence) => {
      const world = await LargeFilesWorld.open(stage, contents, 'large-faults');
      await world.play(sequence);
      await world.heal();
      await world.checkFiles();
      actions += sequence.length;
    });
    const {failed, counterexample, counterexamplePath, errorInstance, numRuns} = await fc.check(property, {
      seed,
      ...(path === undefined ? {numRuns: count} : {path, numRuns: 1, endOnFailure: true}),
      // Long sequences are as likely as short ones.
      unbiased: true,
      skipAllAfterTimeLimit: SECONDS * 1000,
    });
    if (counterexample) {
      throw new Error(
        [
          'A fault sequence of large files failed. To play it again:',
          `HOLDFAST_FAULT_SEED=${seed} HOLDFAST_FAULT_PATH=${counterexamplePath}`,
          'npx pnpm exec vitest run e2e/tests/large-faults.test.ts',
          ...counterexample[0].map((action) => `  ${JSON.stringify(action)}`),
        ].join('\n'),
        {cause: errorInstance},
      );
    }
    if (failed) {
      throw new Error(`Only ${numRuns} of ${count} fault sequences were played in ${SECONDS} s.`);
    }
    console.log(`${numRuns} fault sequences of large files, ${actions} actions, 0 violations`);
  },
  2000 * SECONDS,
);
