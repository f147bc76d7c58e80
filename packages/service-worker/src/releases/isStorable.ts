/** Set by a guard on an opaque response that it lets in. A symbol, because the two plugins share no code. */
const OPAQUE_ALLOWED = Symbol.for('holdfast.opaque-allowed');

/**
 * Whether a response may be stored as an asset. Workbox asks this only when no plugin has a
 * `cacheWillUpdate`, so a plugin that has one must ask it itself.
 */
export const isStorable = (request: Request, response: Response): boolean =>
  request.method === 'GET' && (response.status === 200 || OPAQUE_ALLOWED in response);
