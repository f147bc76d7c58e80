/**
 * Source text in a place of a configuration where Workbox expects a value.
 *
 * Workbox writes a configuration into the worker as text, and of all the objects that its schema admits in the
 * places that count, a RegExp alone is written as what its `toString()` says. So this is one; it matches nothing.
 * See decisions/000-what-generatesw-does-to-plugins.md.
 */
export class Code extends RegExp {
  readonly #text: string;

  constructor(text: string) {
    super('(?!)');
    this.#text = text;
  }

  override toString(): string {
    return this.#text;
  }
}
