import {rebuildResponse} from './rebuildResponse.ts';

/** Headers that hold URLs. */
const WITH_URLS = ['content-location', 'location', 'link', 'refresh', 'sourcemap', 'x-sourcemap'];

/**
 * Returns an answer as it may be stored: without headers that hold a URL with a query, which may be signed. The answer
 * itself where there are none.
 */
export const withoutUrls = (response: Response): Response => {
  const names = WITH_URLS.filter((name) => response.headers.get(name)?.includes('?'));
  const copy = names[0] ? rebuildResponse(response) : response;
  for (const name of names) {
    copy.headers.delete(name);
  }
  return copy;
};
