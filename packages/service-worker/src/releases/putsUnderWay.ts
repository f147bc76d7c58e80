import type {Pin} from './pinned.ts';

/** One for each put that has begun and not ended: a strategy may put twice for one request. */
const underWay = new Set<{line: string; cacheName: string}>();

/** The line that something is just being stored for under this cache name. */
export const lineUnderWay = (cacheName: string): string | undefined =>
  [...underWay].find((one) => one.cacheName === cacheName)?.line;

/** Runs a put, visibly for {@link lineUnderWay}. */
export const asPutUnderWay = async <Result>(
  {line, cacheName}: Pin,
  put: () => Promise<Result>,
): Promise<Result> => {
  const one = {line, cacheName};
  underWay.add(one);
  try {
    return await put();
  } finally {
    underWay.delete(one);
  }
};
