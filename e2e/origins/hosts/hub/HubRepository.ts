import {join} from 'node:path';
import type {Content, ContentFile} from '../../content/Content.ts';

/** A bucket or a model's repository. */
export interface HubRepository {
  kind: 'buckets' | 'models';
  id: string;
  folder: string;
  files: readonly ContentFile[];
  /** A bucket has no revisions, so neither a commit. */
  commit?: string;
}

export const hubRepositories = ({bucket, folder, model}: Content): HubRepository[] => [
  {
    kind: 'buckets',
    id: bucket.id,
    folder: join(folder, 'buckets', bucket.id),
    files: bucket.releases.flatMap(({files}) => files),
  },
  {
    kind: 'models',
    id: model.id,
    folder: join(folder, 'models', model.id),
    files: model.files,
    commit: model.commit,
  },
];

/** Text of a model is kept in git; everything else is in Xet, the store for large files. */
export const isInGit = ({kind}: HubRepository, {path}: ContentFile): boolean =>
  kind === 'models' && /\.(json|md|txt)$/.test(path);
