/** Returns numbers from 0 to 1, the same for the same seed. https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
const numbers = (seed: number): (() => number) => {
  const MODULUS = 2 ** 31 - 1;
  let state = (seed % (MODULUS - 1)) + 1;
  return () => {
    state = (state * 48_271) % MODULUS;
    return state / MODULUS;
  };
};

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Streams and databases take a few turns of the event loop between two actions that are seen here. */
const TURNS_OF_QUIET = 12;
const LONGEST_DELAY_TURNS = 3;

/**
 * Decides in which order simultaneous things happen: each is delayed by some turns of the event loop, which follow from a
 * seed. So a sequence that failed fails again in the same way.
 */
export class Schedule {
  private readonly next: () => number;
  private inProgress = 0;
  private begun = 0;
  private steps = 0;
  private readonly awaited: {step: number; reached: () => void}[] = [];

  constructor(seed: number) {
    this.next = numbers(seed);
  }

  /** How many steps were taken: a clock. */
  get now(): number {
    return this.steps;
  }

  /** Counts a step that is about to be taken. Calls those back who wait for it. */
  countStep(): void {
    this.steps += 1;
    for (const one of this.awaited.filter(({step}) => step === this.steps)) {
      one.reached();
    }
  }

  /** Calls back before the step of that number from now. @returns a function that cancels it. */
  beforeStep(step: number, reached: () => void): () => void {
    const one = {step: this.steps + step, reached};
    this.awaited.push(one);
    return () => {
      this.awaited.splice(this.awaited.indexOf(one), 1);
    };
  }

  /** Runs an action in some turns. It must not wait for another action. */
  async later(action: () => unknown): Promise<void> {
    const end = this.begin();
    try {
      for (let turns = Math.floor(this.next() * (LONGEST_DELAY_TURNS + 1)); turns > 0; turns--) {
        await turn();
      }
      await action();
    } finally {
      end();
    }
  }

  /** Marks something as in progress. @returns a function that marks its end. */
  begin(): () => void {
    this.begun += 1;
    this.inProgress += 1;
    return () => {
      this.inProgress -= 1;
    };
  }

  /** Resolves when nothing is in progress. */
  async quiet(): Promise<void> {
    let seen = this.begun;
    for (let quietTurns = 0; quietTurns < TURNS_OF_QUIET; quietTurns++) {
      await turn();
      if (this.inProgress > 0 || this.begun !== seen) {
        seen = this.begun;
        quietTurns = 0;
      }
    }
  }
}
