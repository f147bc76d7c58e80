import {join} from 'node:path';
import type {Answer, Body, Question} from '../../answers/Answer.ts';
import {compressible} from '../../answers/compressible.ts';
import {openFile} from '../../answers/openFile.ts';
import type {ContentFile} from '../../content/Content.ts';
import {contentDisposition} from './contentDisposition.ts';
import {hubHeaders} from './hubHeaders.ts';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/ServingCompressedFiles.html */
const COMPRESSES_FROM_BYTES = 1_000;

const open = async (path: string): Promise<Body> => {
  const body = await openFile(path);
  return body.size >= COMPRESSES_FROM_BYTES ? compressible(body) : body;
};

export const answerFromResolveCache = async (
  question: Question,
  folder: string,
  commit: string,
  file: ContentFile,
): Promise<Answer> => ({
  status: 200,
  headers: {
    ...hubHeaders(question),
    'accept-ranges': 'bytes',
    'content-disposition': contentDisposition(question, file),
    'content-security-policy': "default-src 'none'; sandbox",
    'content-type': 'text/plain; charset=utf-8',
    etag: `"${file.gitOid}"`,
    'x-repo-commit': commit,
  },
  body: await open(join(folder, file.path)),
  // The length is lost where the CDN compresses on the fly.
  compression: {encodings: ['gzip'], declaresLength: false},
});
