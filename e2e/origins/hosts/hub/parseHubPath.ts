import type {HubRepository} from './HubRepository.ts';

export interface HubPath {
  kind: HubRepository['kind'];
  /** Whether it is the target of a redirect, which names a commit. */
  isResolved: boolean;
  id: string;
  path: string;
  /** Absent for a bucket. */
  revision: string | undefined;
}

/** A revision with slashes comes as `refs%2Fpr%2F1`, and as it is. */
const REVISION = /(?<revision>refs\/(?:pr|convert)\/[^/]+|[^/]+)/.source;
const ID = /(?<id>[^/]+\/[^/]+)/.source;

const SHAPES: ReadonlyArray<{isResolved: boolean; pattern: RegExp}> = [
  {isResolved: false, pattern: RegExp(`^/(?<kind>buckets)/${ID}/resolve/(?<path>.+)$`)},
  {
    // Seen for models and datasets; that spaces do it as well is taken for granted.
    isResolved: true,
    pattern: RegExp(`^/api/resolve-cache/(?<kind>models|datasets|spaces)/${ID}/${REVISION}/(?<path>.+)$`),
  },
  {
    isResolved: false,
    pattern: RegExp(`^/(?:(?<kind>datasets|spaces)/)?${ID}/resolve/${REVISION}/(?<path>.+)$`),
  },
];

export const parseHubPath = (pathname: string): HubPath | undefined => {
  for (const {isResolved, pattern} of SHAPES) {
    const groups = pattern.exec(pathname)?.groups;
    if (groups?.id && groups.path) {
      const {id, kind = 'models', path, revision} = groups;
      return {
        kind: kind as HubPath['kind'],
        isResolved,
        id,
        path: decodeURIComponent(path),
        revision: revision && decodeURIComponent(revision),
      };
    }
  }
  return undefined;
};
