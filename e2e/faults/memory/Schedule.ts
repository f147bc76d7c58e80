/** Numbers from 0 to 1, the same for the same seed. https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
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
 * Decides in which order things happen that happen at the same time: each is put off by some turns of the event loop,
 * which follow from a seed. So a sequence that has failed fails again in the same way.
 */
export class Schedule {
  private readonly next: () => number;
  private underWay = 0;
  private begun = 0;
  private steps = 0;
  private readonly awaited: {step: number; reached: () => void}[] = [];

  constructor(seed: number) {
    this.next = numbers(seed);
  }

  /** How many steps were taken, as a clock. */
  get now(): number {
    return this.steps;
  }

  /** Notes that a step is about to be taken. Whoever waits for it hears of it at once. */
  countStep(): void {
    this.steps += 1;
    for (const one of this.awaited.filter(({step}) => step === this.steps)) {
      one.reached();
    }
  }

  /** Calls back before the step of that number from now. @returns what ends the waiting. */
  beforeStep(step: number, reached: () => void): () => void {
    const one = {step: this.steps + step, reached};
    this.awaited.push(one);
    return () => {
      this.awaited.splice(this.awaited.indexOf(one), 1);
    };
  }

  /** Runs an action in some turns. It must not wait for what only another action brings about. */
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

  /** Says that something is under way. @returns what says that it has come to its end. */
  begin(): () => void {
    this.begun += 1;
    this.underWay += 1;
    return () => {
      this.underWay -= 1;
    };
  }

  /** Resolves when nothing happens any more by itself. */
  async quiet(): Promise<void> {
    let seen = this.begun;
    for (let quietTurns = 0; quietTurns < TURNS_OF_QUIET; quietTurns++) {
      await turn();
      if (this.underWay > 0 || this.begun !== seen) {
        seen = this.begun;
        quietTurns = 0;
      }
    }
  }
}
