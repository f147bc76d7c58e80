import {stableKey} from '@holdfast/service-worker/keys/stableKey.js';
import type {Source} from './Source.ts';

/**
 * Each file once, sorted: by its stable key, since a signature is not to be published, and expires. What remains of a
 * query chooses bytes.
 */
export function urlSources(urls: readonly string[]): Source[] {
  const byKey = new Map(urls.map((url) => [stableKey(url), url]));
  return (
    [...byKey]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      // What no rule knows may be a signature all the same: people are shown none of it.
      .map(([key, url]) => ({path: key, label: `${key.split('?')[0]}`, open: () => download(url)}))
  );
}

async function* download(url: string): AsyncGenerator<Uint8Array> {
  const {body, status} = await fetch(url);
  if (status !== 200 || !body) {
    // Unread, it would keep the process alive.
    await body?.cancel();
    throw new Error(`answered ${status}`);
  }
  yield* body;
}
