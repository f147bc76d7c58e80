import {shownUrl} from '../http/shownUrl.ts';
import {type CompiledRule, isListed, parseQuery} from './compileRule.ts';

/** Makes the key of a URL and of an `Accept` header, where that chooses between two bodies. */
export type RequestKey = (url: string | URL, accept?: string) => string;

/** URLs that the parser leaves as they are: a lower-case ASCII host, no dot segments, and nothing but the path. */
const PLAIN = /^https?:\/\/((?:[a-z\d-]+\.)+[a-z]+)((?:\/(?!\.|%2[Ee])[\w!$&'()*+,;:=@~%.-]*)+)$/;

/** Longer URLs are their own keys, so that no rule takes long. Servers refuse them: nginx, Apache and CloudFront at 8 kB. */
const MAX_LENGTH = 8000;

/**
 * Returns the function that makes keys by some rules.
 *
 * @param rules in the order in which they are asked.
 */
export function createRequestKey(rules: readonly CompiledRule[]): RequestKey {
  const hosts = [...new Set(rules.flatMap((rule) => rule.hosts))];
  const byPath = rules.filter((rule) => rule.byPath);

  return (input, accept = '') => {
    const text = `${input}`;
    const [, host = '', path = ''] = PLAIN.exec(text) ?? [];
    // No rule applies to most URLs: they are their own keys, and need not be parsed to know that.
    if (
      host &&
      (text.length > MAX_LENGTH ||
        (!isListed(host, hosts) && !byPath.some((rule) => rule.appliesTo(host, path, []))))
    ) {
      return text;
    }

    const url = parse(text);
    // Not always: every write serializes the URL again.
    if (/[#@]/.test(text)) {
      url.hash = url.username = url.password = '';
    }
    if (url.href.length > MAX_LENGTH) {
      return url.href;
    }
    const query = parseQuery(url.search);
    let {hostname, pathname} = url;
    const applied = rules.filter((rule) => {
      const applies = rule.appliesTo(hostname, pathname, query);
      // At once, because the next rule sees what this one has written.
      if (applies) {
        ({hostname, pathname} = rule.rewrite(url));
      }
      return applies;
    });
    if (applied[0]) {
      const kept = query
        .filter((parameter) => !applied.some((rule) => rule.drops(parameter)))
        .map(([, , as]) => as);
      if (applied.some(({sorted}) => sorted)) {
        kept.sort();
      }
      const added = applied.flatMap((rule) => rule.adds(query, accept.toLowerCase()));
      const search = [...kept, ...added.filter((parameter) => !kept.includes(parameter))].join('&');
      // With its `?`: the setter removes one, and a parameter may begin with another.
      url.search = search && `?${search}`;
    }
    return url.href;
  };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new TypeError(`stableKey: the URL must be absolute, but got '${shownUrl(text)}'.`);
  }
}
