import {type AnswerSeveral, contentRangeOf} from './answerRanges.ts';

/**
 * Answers with several ranges of a file in one body, which is read as it is consumed.
 * https://www.rfc-editor.org/rfc/rfc9110#name-media-type-multipart-bytera
 */
export const multipart: AnswerSeveral = (file, ranges) => {
  const {size} = file;
  const headers = new Headers(file.headers);
  const boundary = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16)).join(
    '',
  );
  const encoder = new TextEncoder();
  const type = headers.get('content-type');
  const heads = ranges.map((range) =>
    encoder.encode(
      `\r\n--${boundary}\r\n${type ? `content-type: ${type}\r\n` : ''}content-range: ${contentRangeOf(range, size)}\r\n\r\n`,
    ),
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const length = ranges.reduce(
    (sum, {start, end}, index) => sum + (heads[index]?.byteLength ?? 0) + end - start,
    tail.byteLength,
  );
  headers.set('accept-ranges', 'bytes');
  // What is read is decoded.
  headers.delete('content-encoding');
  headers.set('content-type', `multipart/byteranges; boundary=${boundary}`);
  headers.set('content-length', String(length));

  // All readers at once: a download then counts the parts that come later as wanted, too. Each reads when it is its turn.
  const parts = ranges.map((range) => new Response(file.read(range)).body?.getReader());
  const leave = async (reason: unknown): Promise<void> => {
    await Promise.allSettled(parts.map((part) => part?.cancel(reason)));
  };
  let next = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const read = await parts[next - 1]?.read().catch((error) => {
        void leave(error);
        throw error;
      });
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
    cancel: leave,
  });
  return new Response(body, {status: 206, headers});
};
