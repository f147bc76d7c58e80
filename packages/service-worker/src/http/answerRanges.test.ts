import {describe, expect, it, vi} from 'vitest';
import {answerRanges, type Readable, rangesOf} from './answerRanges.ts';
import type {ByteRange} from './byteRanges.ts';
import {multipart} from './multipart.ts';

const TEXT = 'the bytes of a large file';
const ETAG = '"abc"';
const DATE = 'Sat, 01 Aug 2026 10:00:00 GMT';

/** What parts of the file have been begun to be read, and how many of its readers were sent away. */
let parts: ByteRange[];
let cancelled: number;

const fileWith = (headers: Record<string, string> = {}): Readable => {
  parts = [];
  cancelled = 0;
  return {
    size: TEXT.length,
    headers: new Headers({
      'content-type': 'model/onnx',
      'content-length': String(TEXT.length),
      etag: ETAG,
      'last-modified': DATE,
      ...headers,
    }),
    read: (part) => {
      let {start} = part;
      return new ReadableStream(
        {
          pull: (controller) => {
            if (start === part.start) {
              parts.push(part);
            }
            controller.enqueue(new TextEncoder().encode(TEXT.slice(start, Math.min(start + 2, part.end))));
            start += 2;
            if (start >= part.end) {
              controller.close();
            }
          },
          cancel: () => {
            cancelled += 1;
          },
        },
        {highWaterMark: 0},
      );
    },
  };
};

const requestWith = (headers: Record<string, string>): Request => new Request('https://a.test/f', {headers});

const answerTo = (headers: Record<string, string>, file = fileWith()): Response =>
  answerRanges(requestWith(headers), file, multipart);

describe('a request', () => {
  it('without a range is answered with the whole file', async () => {
    const answer = answerTo({});
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toEqual({
      'accept-ranges': 'bytes',
      'content-length': '25',
      'content-type': 'model/onnx',
      etag: ETAG,
      'last-modified': DATE,
    });
    expect(await answer.text()).toBe(TEXT);
  });

  it.each([
    ['bytes=4-8', 'bytes', 'bytes 4-8/25'],
    ['bytes=0-0', 't', 'bytes 0-0/25'],
    ['bytes=21-', 'file', 'bytes 21-24/25'],
    ['bytes=-4', 'file', 'bytes 21-24/25'],
    ['bytes=21-100', 'file', 'bytes 21-24/25'],
  ])('for %s is answered with that part, and nothing else is read', async (range, text, contentRange) => {
    const answer = answerTo({range});
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.headers.get('content-length')).toBe(String(text.length));
    expect(answer.headers.get('content-type')).toBe('model/onnx');
    expect(await answer.text()).toBe(text);
    expect(parts).toHaveLength(1);
    expect(parts).not.toContainEqual({start: 0, end: 25});
  });

  it('for nothing that the file has is answered with 416 and its size', async () => {
    const answer = answerTo({range: 'bytes=25-'});
    expect(answer.status).toBe(416);
    expect(answer.headers.get('content-range')).toBe('bytes */25');
    expect(await answer.text()).toBe('');
    expect(parts).toEqual([]);
  });

  it('with a range that is malformed is answered with the whole', async () => {
    const answer = answerTo({range: 'bytes=8-4'});
    expect(answer.status).toBe(200);
    expect(answer.headers.has('content-range')).toBe(false);
    expect(await answer.text()).toBe(TEXT);
  });

  it('leaves the headers of the file as they are', () => {
    const file = fileWith();
    const before = [...file.headers];
    answerTo({range: 'bytes=4-8'}, file);
    answerTo({range: 'bytes=0-1,4-8'}, file);
    answerTo({range: 'bytes=99-'}, file);
    expect([...file.headers]).toEqual(before);
  });
});

describe('a request for several ranges', () => {
  /** The parts of a body as its boundary and Content-Length have them: `[headers, text]`. */
  const partsOf = async (answer: Response): Promise<[Record<string, string>, string][]> => {
    const [, boundary] =
      /^multipart\/byteranges; boundary=([\w-]+)$/.exec(answer.headers.get('content-type') ?? '') ?? [];
    const body = await answer.text();
    expect(answer.headers.get('content-length')).toBe(String(body.length));
    const [before, ...rest] = body.split(`\r\n--${boundary}`);
    expect(before).toBe('');
    expect(rest.pop()).toBe('--\r\n');
    return rest.map((part) => {
      const [head = '', text = ''] = part.split('\r\n\r\n');
      const lines = head.trim().split('\r\n');
      return [Object.fromEntries(lines.map((line) => line.split(': '))), text];
    });
  };

  it('is answered with all of them in one body', async () => {
    const answer = answerTo({range: 'bytes=4-8,0-2,-4'});
    expect(answer.status).toBe(206);
    expect(answer.headers.has('content-range')).toBe(false);
    const type = 'model/onnx';
    expect(await partsOf(answer)).toEqual([
      [{'content-type': type, 'content-range': 'bytes 4-8/25'}, 'bytes'],
      [{'content-type': type, 'content-range': 'bytes 0-2/25'}, 'the'],
      [{'content-type': type, 'content-range': 'bytes 21-24/25'}, 'file'],
    ]);
  });

  it('tells no type where the file has none', async () => {
    const file = fileWith();
    file.headers.delete('content-type');
    const [[headers] = []] = await partsOf(answerTo({range: 'bytes=4-8,0-2'}, file));
    expect(headers).toEqual({'content-range': 'bytes 4-8/25'});
  });

  it('of which the file has one is answered with just that', async () => {
    const answer = answerTo({range: 'bytes=4-8,99-'});
    expect(answer.headers.get('content-range')).toBe('bytes 4-8/25');
    expect(await answer.text()).toBe('bytes');
  });

  it('reads one part after the other, each when it is wanted', async () => {
    const reader = answerTo({range: 'bytes=0-2,4-8,-4'}).body?.getReader();
    await reader?.read();
    await reader?.read();
    expect(parts.map(({start}) => start)).toEqual([0]);
    await reader?.cancel();
  });

  it('sends the readers of all parts away that are not read yet, when the page leaves', async () => {
    const reader = answerTo({range: 'bytes=0-2,4-8'}).body?.getReader();
    await reader?.read();
    await reader?.read();
    await reader?.cancel();
    expect(cancelled).toBe(2);
  });

  it('sends the readers of the other parts away when one fails', async () => {
    const file = fileWith();
    const {read} = file;
    file.read = (range) =>
      range.start === 0
        ? new ReadableStream({pull: (controller) => controller.error(new TypeError('network error'))})
        : read(range);
    await expect(answerTo({range: 'bytes=0-2,4-8,-4'}, file).text()).rejects.toThrow();
    await vi.waitFor(() => expect(cancelled).toBe(2));
  });
});

describe('a range on a condition', () => {
  const rangesUnder = (condition: string, headers: Record<string, string> = {}) =>
    rangesOf(requestWith({range: 'bytes=0-4', 'if-range': condition}), fileWith(headers));

  it.each([ETAG, DATE])('holds for a file that has %s', (condition) => {
    expect(rangesUnder(condition)).toEqual([{start: 0, end: 5}]);
  });

  it.each(['"other"', 'Sat, 01 Aug 2026 10:00:01 GMT', '"ABC"', 'abc', ''])(
    'is answered with the whole of a file that does not have %j',
    async (condition) => {
      const answer = answerTo({range: 'bytes=0-4', 'if-range': condition});
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe(TEXT);
    },
  );

  it('is answered with the whole of a file with a weak validator', () => {
    expect(rangesUnder('W/"abc"', {etag: 'W/"abc"'})).toBeUndefined();
    expect(rangesUnder('"abc"', {etag: 'W/"abc"'})).toBeUndefined();
  });

  it('is answered with the whole of a file without any validator', () => {
    const file = fileWith();
    file.headers.delete('etag');
    file.headers.delete('last-modified');
    expect(rangesOf(requestWith({range: 'bytes=0-4', 'if-range': ETAG}), file)).toBeUndefined();
    expect(rangesOf(requestWith({range: 'bytes=0-4', 'if-range': DATE}), file)).toBeUndefined();
  });
});
