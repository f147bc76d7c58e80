import type {Rule} from './Rule.ts';

/** One parameter of a query: its name, its value, and both as the URL spells them. */
export type Parameter = readonly [name: string, value: string, text: string];

/** A rule, ready for use. */
export interface CompiledRule {
  hosts: readonly string[];
  /** Whether its path alone marks it, on any host. */
  byPath: boolean;
  sorted: boolean | undefined;
  appliesTo: (host: string, path: string, query: readonly Parameter[]) => boolean;
  rewrite: (url: URL) => URL;
  drops: (parameter: Parameter) => boolean;
  adds: (query: readonly Parameter[], accept: string) => string[];
}

/** Begins our own parameters in keys. No rule drops them, so that a key is its own key. */
const OWN = 'holdfast-';

/** In place of a name, stands for every name. */
const ANY = '*';

/** Compiles a rule. Rows are data, and this is their only interpreter. */
export function compileRule(rule: Rule): CompiledRule {
  const {to, host, slashes, sorted} = rule;
  const hosts = words(rule.hosts);
  const all = words(rule.all).map(parseMarker);
  const any = words(rule.any).map(parseMarker);
  const byPath = ![...hosts, ...all, ...any][0];
  // Without a condition, a rule would apply to every URL: it applies to none.
  const path = new RegExp(rule.path || (byPath ? '(?!)' : ''), 'g');
  const claims = words(rule.claims);
  const variants = words(rule.variants);
  const markers = [...all, ...any];
  const dropped = new RegExp(`^(?:${words(rule.drop).map(foldName).join('|')})$`);
  const isMarked = ([name, value]: Parameter, [known, pattern]: Marker): boolean =>
    (known[0] === ANY || known.includes(name)) && pattern.test(value);

  return {
    hosts,
    byPath,
    sorted,

    appliesTo: (urlHost, urlPath, query) => {
      const isPresent = (marker: Marker): boolean => query.some((parameter) => isMarked(parameter, marker));
      return (
        (!hosts[0] || isListed(urlHost, hosts)) &&
        all.every(isPresent) &&
        (!any[0] || any.some(isPresent)) &&
        // Not `test`: a global expression continues from its last match.
        urlPath.search(path) >= 0
      );
    },

    rewrite: (url) => {
      if (host) {
        url.host = host;
      }
      if (to !== undefined || slashes) {
        const before = url.pathname;
        const start = `${before.match(path)?.[0]}`;
        const after = slashes
          ? start + before.slice(start.length).replace(/%2f/gi, '/')
          : before.replace(path, `${to}`) || '/';
        url.pathname = after;
        // Where a decoded slash makes a dot segment, the URL parser has climbed to another file.
        if (url.pathname !== after) {
          url.pathname = before;
        }
      }
      return url;
    },

    // A marker with another value is something else, e.g. a `t` that is no time.
    drops: (parameter) => {
      const [name] = parameter;
      return (
        name !== '' &&
        !name.startsWith(OWN) &&
        (dropped.test(name) || markers.some((marker) => isMarked(parameter, marker)))
      );
    },

    adds: (query, accept) => {
      const [, token = ''] = query.find(([name]) => all[0]?.[0].includes(name)) ?? [];
      return [
        ...claims.map((claim) => [claim, readClaim(token, claim)]),
        ...variants.map((type) => ['variant', accept.includes(type) && type]),
      ]
        .filter(([, value]) => value)
        .map(([name, value]) => `${OWN}${name}=${encodeURIComponent(`${value}`)}`);
    },
  };
}

/**
 * Tells whether a host is listed: by its name, or by a domain that it is below. Never by a part of a name, which anyone
 * can register.
 */
export const isListed = (host: string, hosts: readonly string[]): boolean =>
  hosts.some((known) => (known[0] === '.' ? host.endsWith(known) : host === known));

export const parseQuery = (search: string): Parameter[] =>
  words(search.slice(1), '&').map((text) => [...parseParameter(text), text]);

/** A parameter by which a rule recognizes a URL, under one of its names. */
type Marker = readonly [names: readonly string[], pattern: RegExp];

function parseMarker(word: string): Marker {
  const [names, pattern] = parseParameter(word);
  return [words(names, '|').map(foldName), new RegExp(pattern)];
}

function parseParameter(text: string): [name: string, value: string] {
  const end = `${text}=`.indexOf('=');
  return [foldName(text.slice(0, end)), text.slice(end + 1)];
}

const words = (text = '', separator = ' '): string[] => text.split(separator).filter(Boolean);

/** Vendors read their own `X-…` names in either case, and tools write both. Other names count as given. */
const foldName = (name: string): string => (/^x-/i.test(name) ? name.toLowerCase() : name);

/** Reads a claim of a JSON Web Token; `undefined` for anything else. https://www.rfc-editor.org/rfc/rfc7519 */
function readClaim(token: string, claim: string): unknown {
  try {
    const [, payload = ''] = token.split('.');
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))[claim];
  } catch {
    return undefined;
  }
}
