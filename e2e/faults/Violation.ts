/** Something was not as it must be. */
export class Violation extends Error {
  override name = 'Violation';

  constructor(what: readonly string[]) {
    super(what.join('\n'));
  }
}
