import {createHash} from 'node:crypto';
import type {Answer, Question} from '../../../answers/Answer.ts';
import {textAnswer} from '../../../answers/textAnswer.ts';
import {hubHeaders} from '../hubHeaders.ts';

/** Returns an ETag as Express makes it: https://github.com/jshttp/etag */
const etagOf = (text: string): string => {
  const digest = createHash('sha1').update(text).digest('base64').slice(0, 27);
  return `W/"${Buffer.byteLength(text).toString(16)}-${digest}"`;
};

/** Answers as the Hub's API does, with success or failure. */
export const answerWithJson = (
  question: Question,
  status: number,
  value: object,
  headers: Record<string, string> = {},
): Answer => {
  const text = JSON.stringify(value);
  return textAnswer(status, text, {
    ...hubHeaders(question),
    'content-type': 'application/json; charset=utf-8',
    etag: etagOf(text),
    ratelimit: '"api";r=497;t=168',
    'ratelimit-policy': '"fixed window";"api";q=500;w=300',
    vary: 'Origin',
    ...headers,
  });
};
