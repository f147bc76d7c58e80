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

/** The options as the guard uses them. */
export interface ResolvedOptions {
  corsHosts: readonly string[];
  opaque: Required<OpaqueAllowance>;
}

const NO_OPAQUE: Required<OpaqueAllowance> = {maxEntries: 0, maxBytes: 0};

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value));

const check = (correct: boolean, option: string, need: string, value: unknown): void => {
  if (!correct) {
    throw new TypeError(`QuotaGuardPlugin: option '${option}' must be ${need}, but got ${shown(value)}.`);
  }
};

const checkNames = (options: object, path: string, names: readonly string[]): void => {
  for (const name of Object.keys(options)) {
    check(names.includes(name), path + name, `one of ${names.join(', ')}`, name);
  }
};

const resolveLimit = (opaque: OpaqueAllowance, name: keyof OpaqueAllowance): number => {
  const limit = opaque[name] ?? Number.POSITIVE_INFINITY;
  check(typeof limit === 'number' && limit >= 0, `opaque.${name}`, 'a number from 0 up', limit);
  return limit;
};

const resolveOpaque = (opaque: OpaqueAllowance): Required<OpaqueAllowance> => {
  check(typeof opaque === 'object' && opaque !== null, 'opaque', 'an object with limits', opaque);
  checkNames(opaque, 'opaque.', ['maxEntries', 'maxBytes']);
  const limits = {maxEntries: resolveLimit(opaque, 'maxEntries'), maxBytes: resolveLimit(opaque, 'maxBytes')};
  const isLimited = Math.min(limits.maxEntries, limits.maxBytes) < Number.POSITIVE_INFINITY;
  check(isLimited, 'opaque', 'limited by maxEntries or maxBytes', opaque);
  return limits;
};

/**
 * The options, checked, with every default filled in.
 *
 * @throws TypeError that names the option and the value it got.
 */
export const resolveOptions = (options: QuotaGuardPluginOptions): ResolvedOptions => {
  checkNames(options, '', ['corsHosts', 'opaque']);
  const {corsHosts = [], opaque} = options;
  check(Array.isArray(corsHosts), 'corsHosts', 'an array of hosts', corsHosts);
  for (const host of corsHosts) {
    check(typeof host === 'string' && /^[\w.:-]+$/.test(host), 'corsHosts', 'an array of hosts', host);
  }
  return {corsHosts, opaque: opaque === undefined ? NO_OPAQUE : resolveOpaque(opaque)};
};
