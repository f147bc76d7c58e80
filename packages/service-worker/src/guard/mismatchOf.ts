import {parseUrl} from '../http/parseUrl.ts';
import type {Mismatch} from '../messages/protocol.ts';
import {isWrongKind, kindOfDestination, kindOfName, kindOfType} from './contentKinds.ts';

/** What of a request says which content it is for. */
export type Asked = Partial<Pick<Request, 'url' | 'mode' | 'destination' | 'headers'>>;

/** An answer that has no end, or may have none. */
const ENDLESS = /^(?:text\/event-stream|multipart\/x-mixed-replace)/;
const MAY_BE_ENDLESS = /^(?:audio\/|video\/|application\/ogg)/;

/** Words in the path of a page where a user signs in, or reads that something failed. */
const ELSEWHERE =
  /(?:^|[/_.-])(?:log-?[io]n|sign[_-]?[io]n|sso|oauth2?|saml2?|auth(?:ori[sz]e)?|captcha|challenge|denied|blocked|expired|forbidden|unauthori[sz]ed|not-?found|maintenance|hotspot|errors?)(?:$|[/_.-])|\/(?:40[134]|50[0234])(?:\.\w{1,9})?$/i;

/** The name that the two spellings of a page have in common: `/docs/start` and `/docs/start.html`, `/docs/` and `/docs/index.html`. */
const pageName = ({pathname}: URL): string | undefined =>
  pathname
    .replace(/\.(?:html?|xhtml)$/, '')
    .replace(/\/(?:index)?$/, '')
    .split('/')
    .pop();

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Tells whether a redirect led to a page for signing in, or for an error: by its path, or since it names the way back. A
 * file of the same name is the file, wherever it is. A signature may name the path that it is for, and so does the Hub's
 * redirect to its cache of small files.
 */
const isElsewhere = (asked: URL, final: URL): boolean =>
  (/\/$/.test(asked.pathname) ||
    !decoded(final.pathname).endsWith(`/${decoded(asked.pathname).split('/').pop()}`)) &&
  ((ELSEWHERE.test(final.pathname) && !ELSEWHERE.test(asked.pathname)) ||
    (asked.pathname.length > 1 && decoded(final.search).includes(asked.pathname)));

/**
 * Returns why an answer with the status 200 is not what was asked for, as far as its headers and its URL tell.
 *
 * @param isHtml whether the route says that its answers may be HTML.
 * @returns `undefined` where nothing speaks against it.
 */
export const mismatchOf = (
  {url, mode, destination = '', headers: own}: Asked,
  response: Response,
  isHtml: boolean | undefined,
): Mismatch | undefined => {
  const {headers, redirected} = response;
  // Of several types, the last one counts. https://fetch.spec.whatwg.org/#concept-header-extract-mime-type
  const type = (headers.get('content-type') ?? '')
    .replace(/^.*,(?=.)/s, '')
    .trim()
    .toLowerCase();
  const length = headers.get('content-length');
  if (ENDLESS.test(type) || (MAY_BE_ENDLESS.test(type) && !length && !headers.has('content-encoding'))) {
    return 'endless';
  }
  if (length === '0' || !response.body) {
    return 'empty';
  }
  const asked = parseUrl(url ?? '');
  const final = redirected ? parseUrl(response.url) : undefined;
  if (asked && final && isElsewhere(asked, final)) {
    return 'redirected';
  }
  const got = kindOfType(type);
  const path = asked?.pathname ?? '';
  const named = kindOfName(path);
  const wanted = kindOfDestination(destination);
  if (got === 'page') {
    if (mode === 'navigate' || wanted === 'page') {
      return undefined;
    }
    if (!isHtml && named !== 'page' && !(final && kindOfName(final.pathname) === 'page')) {
      return 'html';
    }
    return asked && final && pageName(asked) !== pageName(final) ? 'redirected' : undefined;
  }
  // A file named `.bin` or `.data` may have a picture in it, and a drawing is XML.
  const isNamedSo =
    got === named ||
    (got === 'media' && /\.(?:bin|data?)$/i.test(path)) ||
    (/xml/.test(type) && /\.svg$/i.test(path));
  // A few hosts have another body at the same URL for those who ask for its type, such as the description of a file.
  const isAskedFor = own?.get('accept')?.toLowerCase().includes(type.replace(/;.*/s, '').trim());
  // A tab or a frame shows anything.
  const kind = wanted === undefined || wanted === 'page' ? named : wanted;
  return !isNamedSo && !isAskedFor && isWrongKind(kind, got) ? 'wrong-type' : undefined;
};
