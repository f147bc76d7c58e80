/** How much of the quota opaque responses may take. */
export interface OpaqueAllowance {
  /**
   * How many opaque responses may be stored at a time.
   *
   * @default Infinity
   */
  maxEntries?: number | undefined;

  /**
   * How many bytes of padding they may take together, as {@link opaqueEntryBytes} estimates it for the browser
   * at hand. The files' own bytes come on top: nobody may know them.
   *
   * @default Infinity
   */
  maxBytes?: number | undefined;
}

/** Options of {@link QuotaGuardPlugin}. */
export interface QuotaGuardPluginOptions {
  /**
   * Hosts that answer CORS, besides those that the guard knows: `cdn.example.org` for one host,
   * `.example.org` for all below it, `localhost:8081` with a port. A `no-cors` request to them goes out as a
   * CORS one.
   *
   * @default []
   */
  corsHosts?: readonly string[] | undefined;

  /**
   * How many opaque responses may be stored: at least one of the two limits.
   *
   * @default none: opaque responses are refused
   */
  opaque?: OpaqueAllowance | undefined;
}

/** As JSON, which has no word for all there is: a RegExp, a function, `undefined`, `NaN`. */
const shown = (value: unknown): string => {
  const isJson = typeof value === 'string' || (typeof value === 'object' && !(value instanceof RegExp));
  return isJson ? JSON.stringify(value) : String(value);
};

const check = (isRight: boolean, option: string, need: string, value: unknown): void => {
  if (!isRight) {
    const subject = option ? `option '${option}'` : 'the options';
    throw new TypeError(`QuotaGuardPlugin: ${subject} must be ${need}, but got ${shown(value)}.`);
  }
};

const checkFields = (value: unknown, at: string, names: readonly string[]): void => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  check(isObject, at, `an object with ${names.join(', ')}`, value);
  for (const name of Object.keys(value as object)) {
    check(names.includes(name), at ? `${at}.${name}` : name, `one of ${names.join(', ')}`, name);
  }
};

const checkOpaque = (opaque: OpaqueAllowance): void => {
  const names = ['maxEntries', 'maxBytes'] as const;
  checkFields(opaque, 'opaque', names);
  const limits = names.map((name) => {
    const {[name]: limit = Number.POSITIVE_INFINITY} = opaque;
    check(typeof limit === 'number' && limit >= 0, `opaque.${name}`, 'a number from 0 up', limit);
    return limit;
  });
  check(limits.some(Number.isFinite), 'opaque', 'limited by maxEntries or maxBytes', opaque);
};

/**
 * Refuses what {@link QuotaGuardPlugin} cannot work with. The plugin itself asks only in a development build, so
 * whatever makes a production worker out of options has to.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = (options: unknown): void => {
  checkFields(options, '', ['corsHosts', 'opaque']);
  const {corsHosts = [], opaque} = options as QuotaGuardPluginOptions;
  check(Array.isArray(corsHosts), 'corsHosts', 'an array of hosts', corsHosts);
  for (const [index, host] of corsHosts.entries()) {
    check(typeof host === 'string' && /^[\w.:-]+$/.test(host), `corsHosts[${index}]`, 'a host', host);
  }
  if (opaque !== undefined) {
    checkOpaque(opaque);
  }
};
