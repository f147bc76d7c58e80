import {isListed, parseQuery} from './compileRule.ts';
import type {StableKeyOptions} from './options.ts';
import {resolveRules} from './resolveRules.ts';

/** URLs that the parser leaves as they are: a lower-case ASCII host, no dot segments, and nothing beside the path. */
const PLAIN = /^https?:\/\/((?:[a-z\d-]+\.)+[a-z]+)((?:\/(?!\.|%2[Ee])[\w!$&'()*+,;:=@~%.-]*)+)$/;

/**
 * Makes the key of a request: of its URL, and of its `Accept` where that chooses between two bodies.
 *
 * @param options as {@link checkOptions} lets them through.
 */
export function createRequestKey(options: StableKeyOptions): (url: string | URL, accept?: string) => string {
  const rules = resolveRules(options);
  const hosts = [...new Set(rules.flatMap((rule) => rule.hosts))];
  const byPath = rules.filter((rule) => rule.byPath);

  return (input, accept = '') => {
    const text = `${input}`;
    const [, host = '', path = ''] = PLAIN.exec(text) ?? [];
    // Most URLs are nobody's business: they are their own keys, and need not be parsed to know that.
    if (host && !isListed(host, hosts) && !byPath.some((rule) => rule.isAbout(host, path, []))) {
      return text;
    }

    const url = parse(text);
    // Not always: every write makes the URL anew.
    if (/[#@]/.test(text)) {
      url.hash = url.username = url.password = '';
    }
    const query = parseQuery(url.search);
    let {hostname, pathname} = url;
    const applied = rules.filter((rule) => {
      const isAbout = rule.isAbout(hostname, pathname, query);
      // At once, because the next rule is asked about what this one has written.
      if (isAbout) {
        ({hostname, pathname} = rule.rewrite(url));
      }
      return isAbout;
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
      // With its `?`, since the URL takes one off, and a parameter may begin with another.
      url.search = search && `?${search}`;
    }
    return url.href;
  };
}

function parse(text: string): URL {
  try {
    return new URL(text);
  } catch {
    // Only up to the query, which may hold a signature.
    throw new TypeError(`stable-key: not an absolute URL: ${text.split(/[?#]/)[0]}`);
  }
}
