import {OptionsChecker} from '../options/OptionsChecker.ts';

/** How much of the quota opaque responses may take. */
export interface OpaqueAllowance {
  /**
   * How many opaque responses may be stored at a time.
   *
   * @default Infinity
   */
  maxEntries?: number | undefined;

  /**
   * How many bytes of padding they may take together, as {@link opaqueEntryBytes} estimates it for the browser. The
   * bytes of the files come on top: they are hidden.
   *
   * @default Infinity
   */
  maxBytes?: number | undefined;
}

/** Options of {@link QuotaGuardPlugin}. */
export interface QuotaGuardPluginOptions {
  /**
   * Hosts that answer CORS, besides those that the guard knows: `cdn.example.org` for one host, `.example.org` for all
   * below it, `localhost:8081` with a port. The guard sends `no-cors` requests to them with CORS.
   *
   * @default []
   */
  corsHosts?: readonly string[] | undefined;

  /**
   * How many opaque responses may be stored: one of the two limits, or both.
   *
   * @default none: opaque responses are refused
   */
  opaque?: OpaqueAllowance | undefined;

  /**
   * Whether the route's answers may be HTML, whatever their URLs look like. Elsewhere HTML is stored only for a
   * navigation, or for a URL that ends in `.html`: for any other one it is a login page, or an error.
   *
   * @default false
   */
  html?: boolean | undefined;

  /**
   * Whether the route stores answers whose host says `Cache-Control: no-store`. Set it for a host that says so of all its
   * files, although they are no secrets.
   *
   * @default false
   */
  ignoreNoStore?: boolean | undefined;
}

const checker: OptionsChecker = /* @__PURE__ */ new OptionsChecker('QuotaGuardPlugin');

const checkOpaque = (opaque: OpaqueAllowance): void => {
  const names = ['maxEntries', 'maxBytes'] as const;
  checker.checkFields(opaque, 'opaque', names);
  const limits = names.map((name) => {
    const {[name]: limit = Number.POSITIVE_INFINITY} = opaque;
    checker.check(typeof limit === 'number' && limit >= 0, `opaque.${name}`, 'a number from 0 up', limit);
    return limit;
  });
  checker.check(limits.some(Number.isFinite), 'opaque', 'limited by maxEntries or maxBytes', opaque);
};

/**
 * Refuses options that {@link QuotaGuardPlugin} cannot work with. The plugin itself checks in a development build only,
 * so a tool that writes options into a production worker has to check them.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = (options: unknown): void => {
  checker.checkFields(options, '', ['corsHosts', 'opaque', 'html', 'ignoreNoStore']);
  const {corsHosts = [], opaque, html = false, ignoreNoStore = false} = options as QuotaGuardPluginOptions;
  checker.check(Array.isArray(corsHosts), 'corsHosts', 'an array of hosts', corsHosts);
  for (const [index, host] of corsHosts.entries()) {
    checker.check(typeof host === 'string' && /^[\w.:-]+$/.test(host), `corsHosts[${index}]`, 'a host', host);
  }
  checker.check(typeof html === 'boolean', 'html', 'true or false', html);
  checker.check(typeof ignoreNoStore === 'boolean', 'ignoreNoStore', 'true or false', ignoreNoStore);
  if (opaque !== undefined) {
    checkOpaque(opaque);
  }
};
