import type {Digest} from './Manifest.ts';
import {ManifestError} from './ManifestError.ts';

/** A step into a value: the name of a member, or the index of an item. */
export type Step = string | number;

/** Returns the line of the value that the steps lead to; `undefined` when there is no text. */
export type LineOf = (steps: readonly Step[]) => number | undefined;

/** Algorithms of the digests that sources list, with the length of their hex. */
const HEX_DIGITS = {sha256: 64, 'git-blob-sha1': 40};

/** An unchecked value of a text, with its place. Its methods check the type and throw errors that name the place. */
export class Field {
  readonly value: unknown;
  private readonly name: string;
  private readonly steps: readonly Step[];
  private readonly lineOf: LineOf;

  constructor(value: unknown, lineOf: LineOf, name = '', steps: readonly Step[] = []) {
    this.value = value;
    this.name = name;
    this.steps = steps;
    this.lineOf = lineOf;
  }

  /** Returns a member of an object. The line of a missing member is the line of the object. */
  get(name: string): Field {
    const members = this.members();
    const isPresent = Object.hasOwn(members, name);
    const path = /^[\w-]+$/.test(name) ? `${this.name && '.'}${name}` : `[${JSON.stringify(name)}]`;
    return this.child(isPresent ? members[name] : undefined, path, isPresent ? [name] : []);
  }

  /** Returns the names of an object's members. */
  names(): string[] {
    return Object.keys(this.members());
  }

  /** Returns the items of an array. */
  items(): Field[] {
    const items = Array.isArray(this.value) ? this.value : this.mustBe('an array');
    return items.map((item, index) => this.child(item, `[${index}]`, [index]));
  }

  /** Returns a non-empty string. */
  text(): string {
    return typeof this.value === 'string' && this.value ? this.value : this.mustBe('a non-empty string');
  }

  /** Returns a size in bytes. */
  bytes(): number {
    const {value} = this;
    const isSize = Number.isSafeInteger(value) && (value as number) >= 0;
    return isSize ? (value as number) : this.mustBe('a whole number of bytes');
  }

  /** Returns a digest, in lowercase hex. */
  digest(algorithm: keyof typeof HEX_DIGITS): Digest {
    const digits = HEX_DIGITS[algorithm];
    const {value} = this;
    const isHex = typeof value === 'string' && value.length === digits && /^[\da-f]+$/i.test(value);
    return {algorithm, hex: isHex ? value.toLowerCase() : this.mustBe(`${digits} hex digits`)};
  }

  /** @throws ManifestError that says what the value must be, and what it is. */
  mustBe(need: string): never {
    this.refuse(`must be ${need}, but ${described(this.value)}`);
  }

  /** @throws ManifestError with the reason. */
  refuse(reason: string): never {
    throw new ManifestError(reason, this.name, this.lineOf(this.steps));
  }

  private members(): Readonly<Record<string, unknown>> {
    const {value} = this;
    const isObject = typeof value === 'object' && value && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : this.mustBe('an object');
  }

  private child(value: unknown, path: string, steps: readonly Step[]): Field {
    return new Field(value, this.lineOf, this.name + path, [...this.steps, ...steps]);
  }
}

/** Says what a value is, without repeating text, which may be secret. */
function described(value: unknown): string {
  if (value === undefined) {
    return 'is missing';
  }
  if (typeof value === 'string') {
    return `is a string of length ${value.length}`;
  }
  return `is ${Array.isArray(value) ? 'an array' : value instanceof Object ? 'an object' : value}`;
}
