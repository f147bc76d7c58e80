import {logger} from './workboxInternals.ts';

/** More would slow the worker down, and nobody reads them. */
const MOST = 200;

/** Warnings of a development build that are given once, however many requests they concern. */
export class Warnings {
  private readonly given = new Set<string>();

  once(warning: string): void {
    if (!this.given.has(warning) && this.given.size < MOST) {
      this.given.add(warning);
      logger.warn(warning);
    }
  }
}
