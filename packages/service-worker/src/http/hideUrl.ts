import {holdsSecret} from './holdsSecret.ts';
import {rebuildResponse} from './rebuildResponse.ts';

/**
 * Returns the same answer without its URL, where the page must not see it: behind a redirect, a URL that holds a secret;
 * elsewhere, one that is not the key, which leaves out what the key does.
 *
 * Any other answer is returned itself. Code needs its URL to find what is beside it, and the browser keeps compiled code
 * only for responses that have one.
 *
 * @param key under which it is stored; the URL of the request, where it is not stored.
 */
export const hideUrl = (response: Response, key: string): Response => {
  const {redirected, url} = response;
  return url && url !== key && (!redirected || holdsSecret(url)) ? rebuildResponse(response) : response;
};
