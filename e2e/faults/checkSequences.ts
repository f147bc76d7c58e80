import fc from 'fast-check';
import {type Move, sequences} from './actions.ts';
import {playSequence} from './playSequence.ts';
import type {World} from './World.ts';

/** How many sequences are played, and where. */
export interface Check {
  /** A part of the test's name: `in memory`, say. */
  where: string;
  count: number;
  /** See {@link sequences}. */
  maxParts: number;
  seed: number;
  /** The path of a sequence that failed with this seed: only that one is played. */
  path?: string | undefined;
  /** After this time, no other sequence starts, and a failed one is not shrunk further. */
  timeLimitSeconds: number;
  /** @param order the seed of the order in which simultaneous things happen. */
  open(order: number): Promise<World>;
}

const shown = ({action: {kind, ...rest}, until}: Move): string =>
  `  ${kind} ${JSON.stringify(rest)}, until ${Object.values(until).join(' ')}`;

/**
 * Plays random sequences, each in a new world, and prints the seed and the count.
 *
 * @throws Error with the shortest sequence that fails, and the command that plays it again.
 */
export const checkSequences = async ({
  where,
  count,
  maxParts,
  seed,
  path,
  timeLimitSeconds,
  open,
}: Check): Promise<void> => {
  console.log(`Fault sequences ${where}, HOLDFAST_FAULT_SEED=${seed}`);
  let steps = 0;
  const property = fc.asyncProperty(sequences(maxParts), async ({moves, seed: order}) => {
    const world = await open(order);
    try {
      await playSequence(world, moves);
      steps += moves.length;
    } finally {
      await world.close();
    }
  });
  const {failed, counterexample, counterexamplePath, errorInstance, numRuns} = await fc.check(property, {
    seed,
    ...(path === undefined ? {numRuns: count} : {path, numRuns: 1, endOnFailure: true}),
    // Long sequences are as likely as short ones.
    unbiased: true,
    skipAllAfterTimeLimit: timeLimitSeconds * 1000,
  });
  if (counterexample) {
    const again = [
      `HOLDFAST_FAULT_SEED=${seed} HOLDFAST_FAULT_PATH=${counterexamplePath}`,
      `npx pnpm exec vitest run e2e/tests/random-faults.test.ts -t '${where}'`,
    ];
    throw new Error(
      ['A fault sequence failed. To play it again:', ...again, ...counterexample[0].moves.map(shown)].join(
        '\n',
      ),
      {cause: errorInstance},
    );
  }
  if (failed) {
    throw new Error(`Only ${numRuns} of ${count} fault sequences were played in ${timeLimitSeconds} s.`);
  }
  console.log(`${numRuns} fault sequences ${where}, ${steps} steps, 0 violations`);
};
