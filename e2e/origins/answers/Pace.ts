import {setTimeout as wait} from 'node:timers/promises';

/** Time as the code sees it, so that a test can hold it. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

const systemClock: Clock = {
  now: () => performance.now(),
  wait: (milliseconds) => wait(milliseconds),
};

const STEP_MS = 10;
/** A client that stops reading gets at most so much at once when it reads again, as from a buffer. */
const BUFFER_MS = 50;

/** A speed that all bodies share which are read at it. The time that a client needs counts, and is not added. */
export class Pace {
  /** How many bytes to send at a time. */
  readonly step: number;
  readonly #bytesPerSecond: number;
  readonly #clock: Clock;
  #due: number;

  constructor(bytesPerSecond: number, clock = systemClock) {
    this.step = Math.max(1, Math.round((bytesPerSecond * STEP_MS) / 1000));
    this.#bytesPerSecond = bytesPerSecond;
    this.#clock = clock;
    this.#due = clock.now();
  }

  /** Waits until so many bytes have passed. */
  async pass(bytes: number): Promise<void> {
    const took = (bytes / this.#bytesPerSecond) * 1000;
    this.#due = Math.max(this.#due + took, this.#clock.now() - BUFFER_MS);
    await this.#clock.wait(Math.max(this.#due - this.#clock.now(), 0));
  }
}
