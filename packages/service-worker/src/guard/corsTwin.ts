import {deriveRequest} from '../http/deriveRequest.ts';

/** What pages request without CORS although it would work the same with CORS. */
const UPGRADABLE = ['script', 'style', 'image'];

const isUpgradable = ({mode, method, cache, destination, url}: Request): boolean =>
  mode === 'no-cors' &&
  method === 'GET' &&
  // Only a same-origin request may have this cache mode. https://fetch.spec.whatwg.org/#dom-request
  cache !== 'only-if-cached' &&
  (UPGRADABLE.includes(destination) || new URL(url).pathname.endsWith('.wasm'));

/**
 * Returns the same request with CORS and without credentials. Its response can be read and checked, and takes no more
 * of the quota than its own size.
 *
 * @param isReload whether it goes past the browser's HTTP cache.
 * @returns `undefined` for anything but a `no-cors` request for a script, a style sheet, an image or wasm.
 */
export const corsTwin = (request: Request, isReload = false): Request | undefined =>
  isUpgradable(request)
    ? deriveRequest(request, {
        mode: 'cors',
        credentials: 'omit',
        cache: isReload ? 'reload' : request.cache,
      })
    : undefined;
