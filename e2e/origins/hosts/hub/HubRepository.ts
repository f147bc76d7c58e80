import {join} from 'node:path';
import type {Body} from '../../answers/Answer.ts';
import {openFile} from '../../answers/openFile.ts';
import type {Content, ContentCommit, ContentFile, ContentRepository} from '../../content/Content.ts';

/** A commit, as the Hub's API describes it. */
export interface HubCommit {
  /** 40 hex digits. */
  id: string;
  title: string;
  /** ISO 8601. */
  date: string;
}

/** The files of a bucket, or of a repository at a commit. */
export interface HubTree {
  /** `undefined` for a bucket. */
  commit: HubCommit | undefined;
  /** The previous commit. */
  parent: HubTree | undefined;
  files: readonly ContentFile[];
  /** Opens one of the files. */
  open(file: ContentFile): Promise<Body>;
}

export interface HubRepository {
  kind: 'buckets' | 'datasets' | 'models' | 'spaces';
  id: string;
  /** The tree of each revision: commits, tags, branches. A bucket has none, so its tree is that of `undefined`. */
  revisions: Map<string | undefined, HubTree>;
}

/** The second one is that of a pull request. */
export const BRANCHES = ['main', 'refs/pr/1'];

const opensIn =
  (folder: string): HubTree['open'] =>
  ({path}) =>
    openFile(join(folder, path));

const bucketOf = ({bucket: {id, releases}, folder}: Content): HubRepository => {
  const files = releases.flatMap((release) => release.files);
  const tree = {commit: undefined, parent: undefined, files, open: opensIn(join(folder, 'buckets', id))};
  return {kind: 'buckets', id, revisions: new Map([[undefined, tree]])};
};

const repositoryOf = (
  folder: string,
  kind: Exclude<HubRepository['kind'], 'buckets'>,
  {commits: [first, second], id}: ContentRepository,
): HubRepository => {
  const treeOf = ({commit, files, tag}: ContentCommit, date: string, parent?: HubTree): HubTree => ({
    commit: {id: commit, title: `Release ${tag}`, date},
    parent,
    files,
    open: opensIn(join(folder, kind, id, tag)),
  });
  const older = treeOf(first, '2026-01-12T09:00:00.000Z');
  const newer = treeOf(second, '2026-04-13T09:00:00.000Z', older);
  const revisions: HubRepository['revisions'] = new Map();
  for (const name of [first.commit, first.tag, ...BRANCHES]) {
    revisions.set(name, older);
  }
  for (const name of [second.commit, second.tag]) {
    revisions.set(name, newer);
  }
  return {kind, id, revisions};
};

export const hubRepositories = (content: Content): HubRepository[] => [
  bucketOf(content),
  repositoryOf(content.folder, 'models', content.model),
  repositoryOf(content.folder, 'datasets', content.dataset),
  repositoryOf(content.folder, 'spaces', content.space),
];

/** Text is in git. Everything else, and all files of buckets, are in Xet, the store for large files. */
export const isInGit = ({kind}: HubRepository, {path}: ContentFile): boolean =>
  kind !== 'buckets' && /\.(html|json|md)$/.test(path);
