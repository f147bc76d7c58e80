/** A promise was broken. */
export class Violation extends Error {
  override name = 'Violation';

  constructor(what: readonly string[]) {
    super(what.join('\n'));
  }
}
