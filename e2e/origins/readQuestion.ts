import type {IncomingMessage} from 'node:http';
import {text} from 'node:stream/consumers';
import type {Question} from './answers/Answer.ts';

export const readQuestion = (request: IncomingMessage, scheme: string): Question => {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
  return {
    method: request.method ?? 'GET',
    // Joined as text: a path that begins with two slashes, as a relative URL, names another host.
    url: new URL(`${scheme}//${headers.host}${request.url}`),
    headers,
    text: () => text(request),
  };
};
