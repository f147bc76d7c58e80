import type {ContentFile} from '../../content/Content.ts';

/**
 * Returns what git has in place of a large file:
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md#the-pointer
 */
export const lfsPointer = ({sha256, size}: Pick<ContentFile, 'sha256' | 'size'>): Buffer =>
  Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${size}\n`);
