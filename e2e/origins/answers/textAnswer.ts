import type {Answer} from './Answer.ts';
import {bytesBody} from './bytesBody.ts';

export const textAnswer = (status: number, text: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: {'content-type': 'text/plain; charset=utf-8', ...headers},
  body: bytesBody(text),
});
