import type {Answer, Question} from '../../answers/Answer.ts';
import {textAnswer} from '../../answers/textAnswer.ts';
import type {ContentFile} from '../../content/Content.ts';
import {contentDisposition, isDownload} from './contentDisposition.ts';
import type {HubRepository} from './HubRepository.ts';
import {hubHeaders} from './hubHeaders.ts';

/**
 * Answers for a small file: with 307 to a relative URL with the commit. Its query repeats the original path
 * as the name of an empty parameter, and identifies nothing.
 */
export const redirectToResolveCache = (
  question: Question,
  {id, kind}: HubRepository,
  commit: string,
  file: ContentFile,
): Answer => {
  const original = isDownload(question)
    ? 'download=true'
    : `${encodeURIComponent(decodeURIComponent(question.url.pathname))}=`;
  const etag = `"${file.gitOid}"`;
  const path = `/api/resolve-cache/${kind}/${id}/${commit}/${encodeURIComponent(file.path)}`;
  const location = `${path}?${original}&etag=${encodeURIComponent(etag)}`;
  return textAnswer(307, `Temporary Redirect. Redirecting to ${location}`, {
    ...hubHeaders(question),
    'accept-ranges': 'bytes',
    'content-disposition': contentDisposition(question, file),
    'content-security-policy': "default-src 'none'; sandbox",
    location,
    'x-hub-cache': 'MISS',
    'x-linked-etag': etag,
    'x-repo-commit': commit,
  });
};
