import {parseUrl} from '../http/parseUrl.ts';
import type {Mismatch} from '../messages/protocol.ts';
import {kindOfName} from './contentKinds.ts';
import {type Asked, mismatchOf} from './mismatchOf.ts';

/** A body that a host announces as longer is not empty: no encoding makes so much of nothing. */
const MAX_BYTES_OF_NOTHING = 128;

/** An error page is shorter. Only up to here is the beginning of a body read although its length is known. */
const MAX_BYTES_OF_ERROR = 65_536;

/** How content without a type is recognized. https://mimesniff.spec.whatwg.org/#identifying-a-resource-with-an-unknown-mime-type */
const LOOKS_LIKE: readonly (readonly [type: string, pattern: RegExp])[] = [
  [
    'text/html',
    /^\s*<(?:!doctype html|!--(?!.*<svg)|(?:html|head|body|script|style|title|meta|h1|div|iframe|table|font|br|[abp])[\s>])/is,
  ],
  ['text/xml', /^\s*<\?xml\s/i],
  ['application/json', /^\s*\{\s*"/],
];

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
 * read only where the headers leave that open: without a length, without a type, or with a type that says nothing under a
 * name that says something.
 */
export const mismatchOfBody = async (
  request: Asked,
  response: Response,
  isHtml: boolean | undefined,
): Promise<Mismatch | undefined> => {
  const {headers, status, type} = response;
  const told = headers.get('content-type');
  const named = kindOfName(parseUrl(request.url ?? '')?.pathname ?? '');
  const saysNothing = /^(?:(?:application|binary)\/octet-stream|text\/plain)/i.test(told ?? '');
  const isOpen = told === null || (saysNothing && named !== undefined && named !== 'code');
  const max = told === null ? Number.POSITIVE_INFINITY : isOpen ? MAX_BYTES_OF_ERROR : MAX_BYTES_OF_NOTHING;
  if (type === 'opaque' || Number(headers.get('content-length')) > max) {
    return undefined;
  }
  try {
    const bytes = await beginning(response);
    if (!bytes) {
      return 'empty';
    }
    const text = isOpen ? new TextDecoder().decode(bytes.subarray(0, 512)) : '';
    // JSON under a type that says nothing may be the file: a host that writes an error as JSON says so.
    const candidates = told === null ? LOOKS_LIKE : LOOKS_LIKE.slice(0, 1);
    const [found] = candidates.find(([, pattern]) => pattern.test(text)) ?? [];
    return found
      ? mismatchOf(request, new Response(' ', {status, headers: {'content-type': found}}), isHtml)
      : undefined;
  } catch {
    // The put fails with it.
    return undefined;
  }
};
