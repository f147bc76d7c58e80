/** Request headers that say who asks, by their names. Some tokens are new in each request, and say nothing of that. */
const CREDENTIAL =
  /^(?!sec-|.*(?:[cx]srf|captcha|idempotency|nonce)).*(?:auth(?!or(?:$|-|ity))|token|api-?key|access-?key|session|secret|credential|jwt|cookie|password)/;

/** What signs each request anew, so that no two of an account are alike: AWS's signatures, Digest, Hawk, OAuth 1. */
const SIGNED = /[\s,](?:oauth_)?(?:signature|nonce|mac)\s*=/i;

/** Who asks, as far as a request says so. */
type Asking = Partial<Pick<Request, 'url' | 'mode' | 'credentials' | 'headers'>>;

/** Tells whether a credential signs its request, and so says in no way that two requests share whose they are. */
export const isSignature = (credential: string): boolean => SIGNED.test(credential);

/** Returns the credential of a request, as text; an empty one for none. It is for memory only. */
export const credentialOf = ({headers}: Asking = {}): string => {
  let found = '';
  headers?.forEach((value, name) => {
    if (CREDENTIAL.test(name)) {
      found += `${name}: ${value}\n`;
    }
  });
  return found;
};

/** Tells whether a directive is in `Cache-Control`. */
export const hasDirective = ({headers}: Pick<Response, 'headers'>, directive: string): boolean =>
  new RegExp(`(?:^|[\\s,])${directive}(?![\\w-])`, 'i').test(headers.get('cache-control') ?? '');

/** Tells whether an answer is for the user alone whose cookies were sent. A guard sends a twin with CORS without them. */
export const isPrivate = ({credentials, mode, url = ''}: Asking, response: Response): boolean =>
  hasDirective(response, 'private') &&
  (credentials === 'include'
    ? mode !== 'no-cors' || response.type !== 'cors'
    : credentials === 'same-origin' && new URL(url).origin === location.origin);
