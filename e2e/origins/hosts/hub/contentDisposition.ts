import {basename} from 'node:path';
import type {Question} from '../../answers/Answer.ts';
import type {ContentFile} from '../../content/Content.ts';

/** `?download=true` changes only this header. */
export const isDownload = ({url}: Question): boolean => url.searchParams.get('download') === 'true';

export const contentDisposition = (question: Question, {path}: ContentFile): string => {
  const name = basename(path);
  const kind = isDownload(question) ? 'attachment' : 'inline';
  return `${kind}; filename*=UTF-8''${encodeURIComponent(name)}; filename="${name}";`;
};
