import type {Answer, Body, Question} from '../../answers/Answer.ts';
import {bytesBody} from '../../answers/bytesBody.ts';
import {compressible} from '../../answers/compressible.ts';
import type {ContentFile} from '../../content/Content.ts';
import {gitObjectId} from '../../gitObjectId.ts';
import {contentDisposition} from './contentDisposition.ts';
import {type HubRepository, type HubTree, isInGit} from './HubRepository.ts';
import {hubHeaders} from './hubHeaders.ts';
import {lfsPointer} from './lfsPointer.ts';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const COMPRESSES_FROM_BYTES = 1_000;

const compressedIfLarge = (body: Body): Body =>
  body.size >= COMPRESSES_FROM_BYTES ? compressible(body) : body;

/** Answers with a file as git has it: the bytes of a small file, the pointer of a large one. */
export const answerWithBlob = async (
  question: Question,
  repository: HubRepository,
  {commit, open}: HubTree,
  file: ContentFile,
): Promise<Answer> => {
  const pointer = isInGit(repository, file) ? undefined : lfsPointer(file);
  return {
    status: 200,
    headers: {
      ...hubHeaders(question),
      'accept-ranges': 'bytes',
      'content-disposition': contentDisposition(question, file),
      'content-security-policy': "default-src 'none'; sandbox",
      'content-type': 'text/plain; charset=utf-8',
      etag: `"${pointer ? gitObjectId('blob', pointer) : file.gitOid}"`,
      ...(commit ? {'x-repo-commit': commit.id} : {}),
    },
    body: pointer ? bytesBody(pointer) : compressedIfLarge(await open(file)),
    // A CDN that compresses on the fly sends no length.
    compression: {encodings: ['gzip'], declaresLength: false},
  };
};
