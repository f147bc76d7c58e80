import type {Pin} from './pinned.ts';

/** Cache name → the puts into it that have begun and not ended. */
const underWay = new Map<string, {line: string; puts: number}>();

/** The line that something is just being stored for under this cache name. */
export const lineUnderWay = (cacheName: string): string | undefined => underWay.get(cacheName)?.line;

/** Runs a put, visibly for {@link lineUnderWay}. */
export const asPutUnderWay = async <Result>(
  {line, cacheName}: Pin,
  put: () => Promise<Result>,
): Promise<Result> => {
  const release = underWay.get(cacheName) ?? {line, puts: 0};
  release.puts += 1;
  underWay.set(cacheName, release);
  try {
    return await put();
  } finally {
    release.puts -= 1;
    if (release.puts === 0) {
      underWay.delete(cacheName);
    }
  }
};
