/** Shows a value as JSON, which has no word for all there is: a RegExp, a function, `undefined`, `NaN`. */
export const shown = (value: unknown): string => {
  const isJson = typeof value === 'string' || (typeof value === 'object' && !(value instanceof RegExp));
  return isJson ? JSON.stringify(value) : String(value);
};

/**
 * Checks the options of one plugin, strategy or function. Every error names the option, what it must be, and the
 * value it got.
 */
export class OptionsChecker {
  private readonly subject: string;

  /** @param subject what takes the options, as the error names it. */
  constructor(subject: string) {
    this.subject = subject;
  }

  /**
   * Refuses a value.
   *
   * @param option where it stands, e.g. `assets[2].url`; an empty string for the options themselves.
   * @param need what it must be, e.g. `'a RegExp'`.
   * @throws TypeError
   */
  check(isRight: unknown, option: string, need: string, value: unknown): asserts isRight {
    if (!isRight) {
      const what = option ? `option '${option}'` : 'the options';
      throw new TypeError(`${this.subject}: ${what} must be ${need}, but got ${shown(value)}.`);
    }
  }

  /**
   * Refuses what is no plain object, and fields that nothing reads.
   *
   * @throws TypeError
   */
  checkFields(value: unknown, option: string, names: readonly string[]): asserts value is object {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.check(isObject, option, `an object with ${names.join(', ') || 'no fields'}`, value);
    for (const name of Object.keys(value as object)) {
      const need = names.length > 0 ? `one of ${names.join(', ')}` : 'left out';
      this.check(names.includes(name), option ? `${option}.${name}` : name, need, name);
    }
  }
}
