/** The rows of a page, and the headers that lead to the next one. */
export interface Page<Row> {
  rows: Row[];
  headers: Record<string, string>;
}

/** Encodes a position in the rows, so that clients do not compute with it. */
const encodeCursor = (position: number): string => Buffer.from(`after:${position}`).toString('base64');

const decodeCursor = (cursor: string): number =>
  Number(/^after:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]);

/**
 * Returns the page that a URL requests with `limit` and `cursor`.
 *
 * @returns `undefined` for an invalid limit or cursor.
 */
export const pageOf = <Row>(url: URL, all: readonly Row[], defaultLimit: number): Page<Row> | undefined => {
  const {searchParams} = url;
  const limit = Number(searchParams.get('limit') ?? defaultLimit);
  const cursor = searchParams.get('cursor');
  const start = cursor === null ? 0 : decodeCursor(cursor);
  if (!Number.isSafeInteger(limit) || limit < 1 || !Number.isSafeInteger(start)) {
    return undefined;
  }
  const end = start + limit;
  const rows = all.slice(start, end);
  if (end >= all.length) {
    return {rows, headers: {}};
  }
  const next = new URL(url);
  next.searchParams.set('limit', String(limit));
  next.searchParams.set('cursor', encodeCursor(end));
  return {rows, headers: {link: `<${next.href}>; rel="next"`}};
};
