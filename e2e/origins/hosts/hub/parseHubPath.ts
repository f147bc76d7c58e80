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

const SHAPES: ReadonlyArray<Pick<HubPath, 'kind' | 'isResolved'> & {pattern: RegExp}> = [
  {kind: 'buckets', isResolved: false, pattern: RegExp(`^/buckets/${ID}/resolve/(?<path>.+)$`)},
  {
    kind: 'models',
    isResolved: true,
    pattern: RegExp(`^/api/resolve-cache/models/${ID}/${REVISION}/(?<path>.+)$`),
  },
  {kind: 'models', isResolved: false, pattern: RegExp(`^/${ID}/resolve/${REVISION}/(?<path>.+)$`)},
];

export const parseHubPath = (pathname: string): HubPath | undefined => {
  for (const {pattern, ...shape} of SHAPES) {
    const groups = pattern.exec(pathname)?.groups;
    if (groups?.id && groups.path) {
      const {id, path, revision} = groups;
      return {
        ...shape,
        id,
        path: decodeURIComponent(path),
        revision: revision && decodeURIComponent(revision),
      };
    }
  }
  return undefined;
};
