import type {FileFacts} from './PieceStore.ts';

/** Headers that say nothing about who asks: browsers set them, they choose among bodies of one file, or they follow a
 * request through servers. */
const OF_NO_ACCOUNT =
  /^(?:accept(?:-.*)?|baggage|cache-control|content-type|dnt|if-.*|origin|pragma|priority|purpose|range|referer|save-data|sec-.*|traceparent|tracestate|upgrade-insecure-requests|user-agent)$/;

/** A header's name. https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Returns the request headers by which an answer tells accounts apart, from its `Vary`. */
export const accountHeaders = (vary: string | null): string[] =>
  (vary ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => NAME.test(name) && !OF_NO_ACCOUNT.test(name));

/**
 * Returns what shows the host who asks. Where it differs, the host is asked before a request shares what another one
 * got. It may hold a token, so it stays in memory.
 */
export const accessOf = ({headers, credentials, url}: Request): string => {
  const named = [...headers].filter(([name]) => !OF_NO_ACCOUNT.test(name));
  const isOwn = new URL(url).origin === self.location.origin;
  return JSON.stringify([named, credentials === 'include' || (credentials === 'same-origin' && isOwn)]);
};

/**
 * Returns the digest of the headers of a request that an answer depends on: what was stored for one account must not
 * answer another, and no token may be written down.
 *
 * @param headers of the answer.
 */
export const askerOf = async (request: Request, headers: Headers): Promise<string | undefined> => {
  const names = accountHeaders(headers.get('vary'));
  if (names.length === 0) {
    return undefined;
  }
  // No worker sees cookies, only whether they are sent.
  const values = names.map((name) => (name === 'cookie' ? request.credentials : request.headers.get(name)));
  const bytes = new TextEncoder().encode(JSON.stringify(values));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join();
};

/** Tells whether what is stored of a file may answer a request, by the `Vary` of the file. */
export const isMeantFor = async ({asker, headers}: FileFacts, request: Request): Promise<boolean> =>
  asker === undefined || asker === (await askerOf(request, new Headers(headers)));
