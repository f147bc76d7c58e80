import {type Key, parse, type Token} from 'path-to-regexp';
import {NO_LONG_URL} from './glob.ts';
import {literal} from './literal.ts';

/** A part of a pattern. Adjacent texts are one part. */
type Part = {text: string} | {name: string} | {any: true} | {optional: readonly Part[]};

/** What the host or the path of a URL is made of, as sources of regular expressions. */
interface Component {
  separator: string;
  /** A character of a name's value. */
  inName: string;
  /** A character of what a star matches. */
  inAny: string;
  /** Follows the component. */
  end: string;
}

const HOST: Component = {separator: '.', inName: '[^./:?#@]', inAny: '[^/:?#@]', end: '(?=[:/])'};
const PATH: Component = {separator: '/', inName: '[^/?#]', inAny: '[^?#]', end: '(?=[?#]|$)'};

/** `https://host:port/path`, or a path of the worker's own origin. */
const URL_PARTS = /^(?:(https?|http\{s\}\?):\/\/([^/]+?)(?::(\d+|\*))?)?(\{?\/.*)$/;

/** A star by itself is a wildcard. After a name or a group it is a modifier. */
const STARS = /\\.|:\w+[*+?]?|\}[*+?]?|\*+/g;

const partsOf = (token: Token): Part[] => {
  if (typeof token === 'string') {
    return [{text: token}];
  }
  const {name, pattern, prefix, suffix, modifier}: Key = token;
  if (modifier === '*' || modifier === '+') {
    throw new TypeError(`'${modifier}' after a name or a group is not supported`);
  }
  const value: Part[] = pattern === '.*' ? [{any: true}] : name === '' ? [] : [{name: String(name)}];
  const parts = [{text: prefix}, ...value, {text: suffix}].filter((part) => !('text' in part) || part.text);
  return modifier ? [{optional: parts}] : parts;
};

const parseComponent = (pattern: string, {separator}: Component): Part[] => {
  const spelled = pattern.replace(STARS, (match) => (match[0] === '*' ? '(.*)' : match));
  const parts: Part[] = [];
  for (const part of parse(spelled, {prefixes: separator, delimiter: separator}).flatMap(partsOf)) {
    const last = parts.at(-1);
    if (last && 'text' in last && 'text' in part) {
      last.text += part.text;
    } else {
      parts.push(part);
    }
  }
  return parts;
};

/**
 * Returns the source of what ends the value of a name; an empty one for the end of its segment.
 *
 * @param rest what follows the name.
 */
const endOf = (name: string, rest: readonly Part[], {separator, end}: Component): string => {
  const [next] = rest;
  const first = next && 'optional' in next ? next.optional[0] : next;
  if (!first) {
    return '';
  }
  const text = 'text' in first ? first.text : '';
  if (!text || (first !== next && !text.startsWith(separator))) {
    throw new TypeError(`':${name}' must be followed by text, or end its segment`);
  }
  const [inSegment = ''] = text.split(separator);
  const isCut = inSegment !== text;
  return inSegment && literal(inSegment) + (isCut ? literal(separator) : rest.length === 1 ? end : '');
};

/** Refuses what could not be found in linear time after a star. */
const checkAfterStar = (parts: readonly Part[], separator: string): void => {
  if (!parts[0] || !('text' in parts[0])) {
    throw new TypeError("'*' must be followed by text, or end the pattern");
  }
  let before = '';
  for (const part of parts) {
    if ('name' in part && !before.endsWith(separator)) {
      throw new TypeError(`after '*', ':${part.name}' must begin a segment`);
    }
    before = 'text' in part ? part.text : '';
  }
};

/**
 * Compiles parts to the source of a regular expression that takes linear time. A name ends where the text after it occurs
 * first, and a star where everything up to the next star does. No shorter match can work, so nothing is tried twice.
 *
 * @param next what follows the parts.
 */
const compile = (
  parts: readonly Part[],
  component: Component,
  next: readonly Part[] = [],
  isCapturing = true,
): string => {
  const {separator, inName, inAny} = component;
  const sources = parts.map((part, index) => {
    const rest = [...parts.slice(index + 1), ...next];
    if ('text' in part) {
      return literal(part.text);
    }
    if ('optional' in part) {
      return `(?:${compile(part.optional, component, rest, isCapturing)})?`;
    }
    if ('name' in part) {
      const end = endOf(part.name, rest, component);
      const value = end ? `${inName}(?:(?!${end})${inName})*` : `${inName}+`;
      return isCapturing ? `(?<${part.name}>${value})` : value;
    }
    if (rest.length === 0) {
      return `${inAny}*`;
    }
    const star = rest.findIndex((one) => 'any' in one);
    const after = star < 0 ? rest : rest.slice(0, star);
    checkAfterStar(after, separator);
    const end = compile(after, component, rest.slice(after.length), false) + (star < 0 ? component.end : '');
    return `(?:(?!${end})${inAny})*`;
  });
  return sources.join('');
};

const namesIn = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => ('optional' in part ? namesIn(part.optional) : 'name' in part ? part.name : []));

/** Spells parts with values in place of names and stars. */
const fill = (parts: readonly Part[], valueFor: (name: string) => string): string =>
  parts
    .map((part) => {
      if ('optional' in part) {
        return fill(part.optional, valueFor);
      }
      return 'text' in part ? part.text : valueFor('name' in part ? part.name : '*');
    })
    .join('');

/** A pattern for URLs, ready for use. */
export interface ParsedUrlPattern {
  /** Matches whole URLs, with any query. Each name is a group. A path matches URLs of the worker's own origin alone. */
  readonly regExp: RegExp;
  readonly names: readonly string[];
  /** Spells a URL that matches, with values in place of names and of `*`. */
  fill(valueFor: (name: string) => string): string;
}

/**
 * Parses a pattern for URLs in the syntax of URLPattern: `:name`, `*`, `{…}?`. https://urlpattern.spec.whatwg.org/
 *
 * @throws TypeError that says what is not supported.
 */
export const parseUrlPattern = (pattern: string): ParsedUrlPattern => {
  if (pattern.includes('(')) {
    throw new TypeError(
      'regular expressions in parentheses are not supported: they can take exponential time',
    );
  }
  const [, scheme, host = '', port, path] = URL_PARTS.exec(pattern) ?? [];
  if (path === undefined) {
    throw new TypeError("it must be an absolute URL with a path, or a path that begins with '/'");
  }
  if (/[?#]/.test(path.replace(/\\.|(?:\}|:\w+)\?/g, ''))) {
    throw new TypeError('queries and fragments are not supported: leave them out, and any query matches');
  }
  const hostParts = parseComponent(host, HOST);
  const pathParts = parseComponent(path, PATH);
  const names = [...namesIn(hostParts), ...namesIn(pathParts)];
  const wrong = names.find((name, index) => !/^[a-z_]/i.test(name) || names.indexOf(name) !== index);
  if (wrong !== undefined) {
    throw new TypeError(`':${wrong}' must be a name that occurs once`);
  }

  const pathSource = compile(pathParts, PATH) + PATH.end;
  if (scheme === undefined) {
    // Matches from the path on: Workbox accepts that for the worker's own origin alone. The first look-ahead saves looking
    // behind at every character.
    const regExp = new RegExp(`(?=\\/)(?<=^https?:\\/\\/[^/?#]+)${NO_LONG_URL}${pathSource}`);
    return {regExp, names, fill: (valueFor) => `https://example.org${fill(pathParts, valueFor)}`};
  }
  const schemeSource = scheme.replace('{s}', 's');
  const portSource = port === '*' ? '(?::\\d+)?' : port === undefined ? '' : `:${port}`;
  const origin = `${schemeSource}:\\/\\/${compile(hostParts, HOST)}${portSource}`;
  const shownScheme = scheme === 'http' ? 'http' : 'https';
  const shownPort = port === '*' || port === undefined ? '' : `:${port}`;
  return {
    regExp: new RegExp(`^${NO_LONG_URL}${origin}${pathSource}`),
    names,
    fill: (valueFor) =>
      `${shownScheme}://${fill(hostParts, valueFor)}${shownPort}${fill(pathParts, valueFor)}`,
  };
};
