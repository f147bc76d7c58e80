import type {Payload} from './MessageListener.ts';

/**
 * Reads the request headers in a message; `undefined` for none. They may hold a token, so no error names their values.
 *
 * @throws TypeError for what are no headers.
 */
export const headersIn = ({headers}: Payload): Headers | undefined => {
  try {
    return headers === undefined ? undefined : new Headers(headers as HeadersInit);
  } catch {
    throw new TypeError('payload.headers must be an object of names and values of request headers.');
  }
};
