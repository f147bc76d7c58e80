import {shownUrl} from '@holdfast/service-worker/http';
import {stableKey} from '@holdfast/service-worker/keys';
import type {Source} from './Source.ts';

/**
 * Returns each file once, sorted by its stable key. The manifest lists the key, since a signature expires and must not be
 * published. A query that remains in the key may choose other bytes.
 */
export function urlSources(urls: readonly string[]): Source[] {
  const byKey = new Map(urls.map((url) => [stableKey(url), url]));
  return (
    [...byKey]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // A query that no rule knows may still be a signature, so the label leaves it out.
      .map(([key, url]) => ({path: key, label: shownUrl(key), open: () => download(url)}))
  );
}

async function* download(url: string): AsyncGenerator<Uint8Array> {
  const {body, status} = await fetch(url);
  if (status !== 200 || !body) {
    // An unread body keeps the process alive.
    await body?.cancel();
    throw new Error(`the server responded with status ${status}, expected 200`);
  }
  yield* body;
}
