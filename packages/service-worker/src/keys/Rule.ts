/**
 * One row of knowledge about URLs: when it applies, and what of the URL is then no part of its key.
 *
 * A row is plain JSON, so that a configuration file can carry it. Lists are words separated by spaces, and
 * regular expressions are strings without flags.
 */
export interface Rule {
  /** Hosts it applies to. `cdn.example.com` means just this host, `.example.com` every host below it.
   * @default any host */
  hosts?: string;
  /** Regular expression that the path has to match.
   * @default any path */
  path?: string;
  /** Query parameters that all have to be there, each as `name`, or as `name=pattern` with a regular expression
   * for its value as the URL holds it. By them a signature is recognised, and they go with it.
   * @default none */
  all?: string;
  /** The same, but one of them is enough.
   * @default none */
  any?: string;
  /** More query parameters to drop, each a name or a regular expression for the whole of it; `.*` drops the query.
   * @default none */
  drop?: string;
  /** Sort the parameters that remain: only for a provider that defines their order as meaningless.
   * @default false */
  sorted?: boolean;
  /** The first parameter of `all` is a JSON Web Token: these claims of it stay, as `holdfast-<claim>`.
   * @default none */
  claims?: string;
  /** What every match of `path` in the path becomes, as in `String.prototype.replace`.
   * @default the path stays */
  to?: string;
  /** The host that stands in the key. The scheme and the port stay: another port may answer with other bytes.
   * @default the host stays */
  host?: string;
  /** Media types, in lower case, that bring another body from the same URL when `Accept` asks for them: such a
   * request gets a key of its own, marked `holdfast-variant`.
   * @default none */
  variants?: string;
}

/** How one vendor signs URLs. Recognised by its own parameters, on any host, or by the host. */
export type Scheme = Rule;

/** How one vendor spells URLs, recognised by its hosts. */
export type Provider = Rule & {hosts: string};
