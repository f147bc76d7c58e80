import type {Mismatch} from '../messages/protocol.ts';
import {type Asked, mismatchOf} from './mismatchOf.ts';

/** A body that a host announces as longer is not empty: no encoding makes so much of nothing. */
const MAX_BYTES_OF_NOTHING = 128;

/** How a browser recognizes HTML that has no type. https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type */
const LOOKS_LIKE_HTML = /^\s*<(?:!doctype html|html|head|body|script|title|!--)[\s>]/i;

/** Reads the beginning of a body; `undefined` where there is nothing to read. The body stays as it is. */
const beginning = async (response: Response): Promise<Uint8Array | undefined> => {
  const reader = response.clone().body?.getReader();
  try {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
      if (next.value.byteLength > 0) {
        return next.value;
      }
    }
    return undefined;
  } finally {
    reader?.cancel().catch(() => undefined);
  }
};

/**
 * Returns why an answer with the status 200 is not what was asked for, as far as the beginning of its body tells. It is
 * read only where the headers leave that open: without a length, or without a type.
 */
export const mismatchOfBody = async (
  request: Asked,
  response: Response,
  isHtml: boolean | undefined,
): Promise<Mismatch | undefined> => {
  const {headers, status, type} = response;
  const isTyped = headers.has('content-type');
  if (type === 'opaque' || (isTyped && Number(headers.get('content-length')) > MAX_BYTES_OF_NOTHING)) {
    return undefined;
  }
  try {
    const bytes = await beginning(response);
    if (!bytes) {
      return 'empty';
    }
    const isUntypedHtml = !isTyped && LOOKS_LIKE_HTML.test(new TextDecoder().decode(bytes.subarray(0, 512)));
    const asHtml = {'content-type': 'text/html'};
    return isUntypedHtml
      ? mismatchOf(request, new Response(' ', {status, headers: asHtml}), isHtml)
      : undefined;
  } catch {
    // The put fails with it.
    return undefined;
  }
};
