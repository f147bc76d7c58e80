/** Where in a configuration something stands, as an error tells it. */
export class Place {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** What an entry of the list or a field of the object at this place is called. */
  at(key: string | number): Place {
    return new Place(this.#path + (typeof key === 'number' ? `[${key}]` : `.${key}`));
  }

  /** The same place with what a reader knows it by. */
  known(by: string): Place {
    return new Place(`${this.#path} (${by})`);
  }

  /** @throws TypeError */
  refuse(what: string, remedy: string): never {
    throw new TypeError(`withHoldfast: ${this.#path} ${what} ${remedy}`);
  }
}
