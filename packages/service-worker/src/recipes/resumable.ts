import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

/** Makes a {@link pinned} route on which interrupted downloads of large files resume. */
export const resumable: typeof pinned = (...route): RouteEntry => ({
  ...pinned(...route),
  handler: 'ResumableCacheFirst',
});
