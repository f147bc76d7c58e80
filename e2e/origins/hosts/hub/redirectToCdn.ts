import type {Answer, Question} from '../../answers/Answer.ts';
import {textAnswer} from '../../answers/textAnswer.ts';
import type {ContentFile} from '../../content/Content.ts';
import type {UrlSigner} from '../../UrlSigner.ts';
import {xetBridgePath} from '../hubCdn/xetBridgePath.ts';
import {contentDisposition} from './contentDisposition.ts';
import type {HubRepository} from './HubRepository.ts';
import {hubHeaders} from './hubHeaders.ts';

export interface Cdn {
  signer: UrlSigner;
  /** Returns the origin of the CDN to redirect to. */
  origin: () => string;
}

const FILE_INFO = 'application/vnd.xet-fileinfo+json';

const API = 'https://huggingface.co/api';

/** Answers for a large file: with 302 to a signed URL, or with what a client needs to fetch it in chunks. */
export const redirectToCdn = (
  question: Question,
  repository: HubRepository,
  commit: string | undefined,
  file: ContentFile,
  cdn: Cdn,
): Answer => {
  const {id, kind} = repository;
  const tokenUrl = `${API}/${kind}/${id}/xet-read-token${commit ? `/${commit}` : ''}`;
  const reconstructionUrl = `https://cas-server.xethub.hf.co/v1/reconstructions/${file.xetHash}`;
  const headers = {
    ...hubHeaders(question),
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'content-disposition': contentDisposition(question, file),
    link: `<${tokenUrl}>; rel="xet-auth", <${reconstructionUrl}>; rel="xet-reconstruction-info"`,
    'x-linked-etag': `"${file.sha256}"`,
    'x-linked-size': String(file.size),
    'x-xet-hash': file.xetHash,
    ...(commit ? {'x-repo-commit': commit} : {}),
  };
  if (question.headers.accept?.includes(FILE_INFO)) {
    const info = {hash: file.xetHash, refreshUrl: tokenUrl, reconstructionUrl};
    // This answer has its own length, so headers that describe the file must not apply to it.
    const {'accept-ranges': _, ...described} = headers;
    return textAnswer(200, JSON.stringify(info), {
      ...described,
      'content-type': `${FILE_INFO}; charset=utf-8`,
    });
  }
  const location =
    cdn.origin() +
    cdn.signer.sign({
      path: xetBridgePath(repository, file),
      from: question.url.href,
      contentDisposition: contentDisposition(question, file),
    });
  return textAnswer(302, `Found. Redirecting to ${location}`, {...headers, location});
};
