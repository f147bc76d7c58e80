import {byteRanges} from './byteRanges.ts';
import type {Segment} from './segments.ts';

/** A file that can be read from anywhere. */
export interface Readable {
  /** In bytes. */
  size: number;
  /** Of an answer with the whole file. */
  headers: Headers;
  read(part: Segment): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/**
 * Whether the ranges of a request are meant for this file, and not for another one that had the same URL.
 * https://www.rfc-editor.org/rfc/rfc9110#name-if-range
 */
const areMeant = (request: Request, {headers}: Readable): boolean => {
  const condition = request.headers.get('if-range');
  return (
    condition === null ||
    (condition.startsWith('"') && condition === headers.get('etag')) ||
    condition === headers.get('last-modified')
  );
};

/** What a request wants of a file. @returns `undefined` for the whole of it. */
export const rangesOf = (request: Request, file: Readable): Segment[] | undefined =>
  areMeant(request, file) ? byteRanges(request.headers.get('range'), file.size) : undefined;

const contentRange = ({start, end}: Segment, size: number): string => `bytes ${start}-${end - 1}/${size}`;

/** Several parts in one body. https://www.rfc-editor.org/rfc/rfc9110#name-media-type-multipart-bytera */
const multipart = (file: Readable, ranges: readonly Segment[]): Response => {
  const {size} = file;
  const headers = new Headers(file.headers);
  const boundary = crypto.randomUUID();
  const encoder = new TextEncoder();
  const type = headers.get('content-type');
  const heads = ranges.map((range) =>
    encoder.encode(
      `\r\n--${boundary}\r\n${type ? `content-type: ${type}\r\n` : ''}content-range: ${contentRange(range, size)}\r\n\r\n`,
    ),
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const length = ranges.reduce(
    (sum, {start, end}, index) => sum + (heads[index]?.byteLength ?? 0) + end - start,
    tail.byteLength,
  );
  headers.set('content-type', `multipart/byteranges; boundary=${boundary}`);
  headers.set('content-length', String(length));

  // All of them at once, so that who reads one part counts as a reader of the others, too. Nothing is read until it is wanted.
  const parts = ranges.map((range) => file.read(range).getReader());
  let next = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const read = await parts[next - 1]?.read();
      const head = heads[next];
      if (read?.value) {
        controller.enqueue(read.value);
      } else if (head) {
        controller.enqueue(head);
        next += 1;
      } else {
        controller.enqueue(tail);
        controller.close();
      }
    },
    cancel: async (reason) => {
      await Promise.all(parts.map((part) => part.cancel(reason)));
    },
  });
  return new Response(body, {status: 206, headers});
};

/**
 * The answer to a request for a file that is there, or on its way: the whole of it (200), a part (206), several, or none
 * of what it wants (416).
 */
export const answerRanges = (request: Request, file: Readable): Response => {
  const {size, read} = file;
  const ranges = rangesOf(request, file);
  const headers = new Headers(file.headers);
  headers.set('accept-ranges', 'bytes');
  if (!ranges) {
    return new Response(read({start: 0, end: size}), {headers});
  }
  const [range, ...more] = ranges;
  if (!range) {
    headers.set('content-range', `bytes */${size}`);
    headers.set('content-length', '0');
    return new Response(null, {status: 416, headers});
  }
  if (more.length > 0) {
    return multipart(file, ranges);
  }
  headers.set('content-range', contentRange(range, size));
  headers.set('content-length', String(range.end - range.start));
  return new Response(read(range), {status: 206, headers});
};
