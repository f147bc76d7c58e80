/**
 * One row of knowledge about URLs: which URLs it applies to, and what of them is not part of the key.
 *
 * A row is plain JSON, so that a configuration file can carry it. Lists are words separated by spaces, and regular
 * expressions are strings without flags.
 */
export interface Rule {
  /** Hosts that the rule applies to. `cdn.example.com` means this host alone, `.example.com` every host below it.
   * @default any host */
  hosts?: string;
  /** Regular expression that the path must match.
   * @default any path */
  path?: string;
  /** Query parameters that must all be present, each as `name`, or as `name=pattern` with a regular expression for the
   * value as the URL spells it. They mark a signature, and are dropped with it. `a|b` stands for either name, `*` for
   * every name.
   * @default none */
  all?: string;
  /** Like `all`, but one of them is enough.
   * @default none */
  any?: string;
  /** More query parameters to drop, each a name or a regular expression for the whole name; `.*` drops the query.
   * @default none */
  drop?: string;
  /** Sorts the parameters that remain. Only for a provider to which their order means nothing.
   * @default false */
  sorted?: boolean;
  /** The first parameter of `all` is a JSON Web Token. These claims of it stay, as `holdfast-<claim>`.
   * @default none */
  claims?: string;
  /** What replaces every match of `path` in the path, as in `String.prototype.replace`.
   * @default the path stays */
  to?: string;
  /** Whether every `%2F` is a slash that follows what `path` matches, which must be the start of the path.
   * @default false */
  slashes?: boolean;
  /** The host in the key. The scheme and the port stay: another port may answer with other bytes.
   * @default the host stays */
  host?: string;
  /** Media types, in lower case, for which the same URL answers with another body when `Accept` asks for them. Such a
   * request gets a key of its own, marked `holdfast-variant`.
   * @default none */
  variants?: string;
}

/** How a vendor signs URLs. Recognized by its own parameters, on any host, or by its hosts. */
export type Scheme = Rule;

/** How a vendor spells URLs. Recognized by its hosts. */
export type Provider = Rule & {hosts: string};
