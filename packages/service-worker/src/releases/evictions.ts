import {eventChannel, type VersionScopeEvent} from './events.ts';

/** The releases of a line were deleted, all but some; those of all lines, if none is named. */
interface Eviction {
  line?: string;
  kept: readonly string[];
}

/** Those of this worker's life. There are few: switches, and pages that have gone while something was to be deleted. */
let evictions: Eviction[] | undefined;

/** @returns the evictions so far: a put that begins later is not affected by them. */
const known = (): Eviction[] => {
  if (!evictions) {
    const made: Eviction[] = [];
    evictions = made;
    // Another worker of the origin (a waiting one, say) evicts too.
    eventChannel().addEventListener('message', ({data}: MessageEvent<VersionScopeEvent>) => {
      if (data.type === 'RELEASES_EVICTED') {
        made.push(data.payload);
      } else if (data.type === 'CACHES_DROPPED') {
        made.push({kept: []});
      }
    });
  }
  return evictions;
};

/** How many evictions there have been: to be asked when a release is pinned. */
export const evictionsSoFar = (): number => known().length;

/** To be called before the first cache goes, so that nothing is put into one that is about to. */
export const noteEviction = (eviction: Eviction): void => {
  known().push(eviction);
};

/** Whether a release has been evicted since it was pinned. */
export const isEvicted = (pin: {line: string; version: string; evictionsSeen: number}): boolean =>
  known()
    .slice(pin.evictionsSeen)
    .some(({line = pin.line, kept}) => line === pin.line && !kept.includes(pin.version));
