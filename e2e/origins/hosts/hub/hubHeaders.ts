import {randomUUID} from 'node:crypto';
import type {Question} from '../../answers/Answer.ts';

const EXPOSED_HEADERS = [
  'X-Repo-Commit',
  'X-Request-Id',
  'X-Error-Code',
  'X-Error-Message',
  'X-Total-Count',
  'ETag',
  'Link',
  'Accept-Ranges',
  'Content-Range',
  'X-Linked-Size',
  'X-Linked-ETag',
  'X-Xet-Hash',
].join(',');

/** The headers of every answer of the Hub. */
export const hubHeaders = ({headers}: Question): Record<string, string> => ({
  'access-control-allow-origin': headers.origin ?? 'https://huggingface.co',
  'access-control-expose-headers': EXPOSED_HEADERS,
  'access-control-max-age': '86400',
  'cross-origin-opener-policy': 'same-origin',
  ratelimit: '"resolvers";r=2997;t=258',
  'ratelimit-policy': '"fixed window";"resolvers";q=3000;w=300',
  'referrer-policy': 'strict-origin-when-cross-origin',
  vary: 'Origin, Accept',
  'x-powered-by': 'huggingface-moon',
  'x-request-id': `Root=1-${randomUUID()}`,
});
