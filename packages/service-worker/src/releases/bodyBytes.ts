/** Types that servers and CDNs compress in transit. */
const COMPRESSIBLE = /^text\/|javascript|json|xml|wasm/;

/**
 * The bytes of a stored body.
 *
 * `Content-Length` tells them at no cost, but behind a `Content-Encoding` it counts the compressed bytes, and another
 * origin may hide that header (it is not on the CORS safelist). So it counts only in an answer of the page's own origin,
 * for a type that is not compressed; every other body is measured.
 * https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
 */
export const bodyBytes = async (response: Response): Promise<number> => {
  const {headers, type} = response;
  const length = Number(headers.get('content-length') ?? Number.NaN);
  const isCertain =
    type === 'basic' &&
    length >= 0 &&
    !headers.has('content-encoding') &&
    !COMPRESSIBLE.test(headers.get('content-type') ?? 'text/');
  return isCertain ? length : (await response.blob()).size;
};
