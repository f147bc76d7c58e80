import {logger} from './workboxInternals.ts';

/** Warnings of a development build that are given once, however many requests they concern. */
export class Warnings {
  private readonly given = new Set<string>();

  once(warning: string): void {
    if (!this.given.has(warning)) {
      this.given.add(warning);
      logger.warn(warning);
    }
  }
}
