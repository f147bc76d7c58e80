/** What a page asks for without CORS although nothing would change for it with CORS. */
const UPGRADABLE = ['script', 'style', 'image'];

const isUpgradable = ({mode, method, cache, destination, url}: Request): boolean =>
  mode === 'no-cors' &&
  method === 'GET' &&
  // Only a same-origin request may have this cache mode. https://fetch.spec.whatwg.org/#dom-request
  cache !== 'only-if-cached' &&
  (UPGRADABLE.includes(destination) || new URL(url).pathname.endsWith('.wasm'));

/**
 * The same request as a CORS one without credentials: its response can be read, checked and stored at its own
 * size.
 *
 * @returns `undefined` for a request that is not a `no-cors` one for a script, a style sheet, an image or wasm.
 */
export const corsTwin = (request: Request): Request | undefined =>
  isUpgradable(request) ? new Request(request, {mode: 'cors', credentials: 'omit'}) : undefined;
