import type {Digest} from './Manifest.ts';
import {ManifestError} from './ManifestError.ts';

/** A step into a value: the name of a member, or the index of an item. */
export type Step = string | number;

/** On which line of the text the value stands to which these steps lead, if there is a text. */
export type LineOf = (steps: readonly Step[]) => number | undefined;

/** Of the digests that sources state. */
const HEX_DIGITS = {sha256: 64, 'git-blob-sha1': 40};

/** A value out of a text that nobody has checked yet. It knows its place, and refuses to be what it is not. */
export class Field {
  readonly value: unknown;
  readonly #name: string;
  readonly #steps: readonly Step[];
  readonly #lineOf: LineOf;

  constructor(value: unknown, lineOf: LineOf, name = '', steps: readonly Step[] = []) {
    this.value = value;
    this.#name = name;
    this.#steps = steps;
    this.#lineOf = lineOf;
  }

  /** A member of an object. One that is missing stands on the line of its object. */
  get(name: string): Field {
    const members = this.#members();
    const isThere = Object.hasOwn(members, name);
    const path = /^[\w-]+$/.test(name) ? `${this.#name && '.'}${name}` : `[${JSON.stringify(name)}]`;
    return this.#child(isThere ? members[name] : undefined, path, isThere ? [name] : []);
  }

  /** The names of an object's members. */
  names(): string[] {
    return Object.keys(this.#members());
  }

  items(): Field[] {
    const items = Array.isArray(this.value) ? this.value : this.mustBe('an array');
    return items.map((item, index) => this.#child(item, `[${index}]`, [index]));
  }

  text(): string {
    return typeof this.value === 'string' && this.value
      ? this.value
      : this.mustBe('a string that is not empty');
  }

  /** A size in bytes. */
  bytes(): number {
    const {value} = this;
    const isSize = Number.isSafeInteger(value) && (value as number) >= 0;
    return isSize ? (value as number) : this.mustBe('a whole number of bytes');
  }

  digest(algorithm: keyof typeof HEX_DIGITS): Digest {
    const digits = HEX_DIGITS[algorithm];
    const {value} = this;
    const isHex = typeof value === 'string' && value.length === digits && /^[\da-f]+$/i.test(value);
    return {algorithm, hex: isHex ? value.toLowerCase() : this.mustBe(`${digits} hex digits`)};
  }

  mustBe(need: string): never {
    this.refuse(`must be ${need}, but ${described(this.value)}`);
  }

  /** @throws ManifestError always. */
  refuse(reason: string): never {
    throw new ManifestError(reason, this.#name, this.#lineOf(this.#steps));
  }

  #members(): Readonly<Record<string, unknown>> {
    const {value} = this;
    const isObject = typeof value === 'object' && value && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : this.mustBe('an object');
  }

  #child(value: unknown, path: string, steps: readonly Step[]): Field {
    return new Field(value, this.#lineOf, this.#name + path, [...this.#steps, ...steps]);
  }
}

/** What a value is, without a word of it. */
function described(value: unknown): string {
  if (value === undefined) {
    return 'is missing';
  }
  if (typeof value === 'string') {
    return `is a string of length ${value.length}`;
  }
  return `is ${Array.isArray(value) ? 'an array' : value instanceof Object ? 'an object' : value}`;
}
