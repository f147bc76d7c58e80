import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

/** A route as {@link pinned}, of which the download of a large file goes on where it was interrupted. */
export const resumable: typeof pinned = (...route): RouteEntry => ({
  ...pinned(...route),
  handler: 'ResumableCacheFirst',
});
