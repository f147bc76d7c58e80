import {join} from 'node:path';
import type {Content, ContentFile, ContentRepository} from '../../content/Content.ts';

/** The files of a bucket, or of a repository at a commit. */
export interface HubTree {
  /** A bucket has none. */
  commit: string | undefined;
  /** Where the files are on disk. */
  folder: string;
  files: readonly ContentFile[];
}

export interface HubRepository {
  kind: 'buckets' | 'datasets' | 'models' | 'spaces';
  id: string;
  /** What each revision stands for: commits, tags, branches. A bucket has none, so its tree is that of `undefined`. */
  revisions: Map<string | undefined, HubTree>;
}

/** The second is that of a pull request. */
export const BRANCHES = ['main', 'refs/pr/1'];

const bucketOf = ({bucket: {id, releases}, folder}: Content): HubRepository => {
  const files = releases.flatMap((release) => release.files);
  const tree = {commit: undefined, folder: join(folder, 'buckets', id), files};
  return {kind: 'buckets', id, revisions: new Map([[undefined, tree]])};
};

const repositoryOf = (
  folder: string,
  kind: Exclude<HubRepository['kind'], 'buckets'>,
  {commits, id}: ContentRepository,
): HubRepository => {
  const revisions: HubRepository['revisions'] = new Map();
  // The newer commit first, so that the older one is what is left for the branches.
  for (const {commit, files, tag} of commits.toReversed()) {
    const tree = {commit, folder: join(folder, kind, id, tag), files};
    for (const name of [commit, tag, ...BRANCHES]) {
      revisions.set(name, tree);
    }
  }
  return {kind, id, revisions};
};

export const hubRepositories = (content: Content): HubRepository[] => [
  bucketOf(content),
  repositoryOf(content.folder, 'models', content.model),
  repositoryOf(content.folder, 'datasets', content.dataset),
  repositoryOf(content.folder, 'spaces', content.space),
];

/** Text is kept in git; everything else, and all that buckets have, is in Xet, the store for large files. */
export const isInGit = ({kind}: HubRepository, {path}: ContentFile): boolean =>
  kind !== 'buckets' && /\.(html|json|md)$/.test(path);
