import type {Answer, Encoding, Question} from './Answer.ts';

const accepts = ({headers}: Question, encoding: Encoding): boolean =>
  (headers['accept-encoding'] ?? '').split(',').some((offer) => {
    const [name = '', weight = ''] = offer.split(';').map((part) => part.trim());
    return name === encoding && !/^q=0(\.0*)?$/.test(weight);
  });

const weak = (etag: string): string => (etag.startsWith('W/') ? etag : `W/${etag}`);

/**
 * Compresses where the host does. Ranges are parts of the uncompressed file only, and a compressed answer
 * offers none: so do CDNs that compress on the fly.
 */
export const encodeAnswer = async (question: Question, answer: Answer): Promise<Answer> => {
  const {body, compression, headers} = answer;
  const encoding = compression?.encodings.find((each) => accepts(question, each));
  if (!encoding || !compression || !body.compressed || question.headers.range) {
    return answer;
  }
  const {'accept-ranges': _, etag, ...rest} = headers;
  return {
    status: answer.status,
    headers: {
      ...rest,
      ...(etag ? {etag: weak(etag)} : {}),
      'content-encoding': encoding,
    },
    body: await body.compressed(encoding),
    ...(compression.declaresLength ? {} : {declaredLength: 'absent'}),
  };
};
