import {expect, it, vi} from 'vitest';
import {createRequestContext} from '../worker/RequestContext.ts';
import {refusalToStore} from './isStorable.ts';

const request = {method: 'GET', url: 'https://host.test/config.json'};

/** An answer that announces no length, as with `Transfer-Encoding: chunked`. */
const chunked = (
  chunks: readonly string[],
  headers: Record<string, string> = {'content-type': 'application/json'},
) =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        for (const chunk of chunks) {
          controller.enqueue(new TextEncoder().encode(chunk));
        }
        controller.close();
      },
    }),
    {headers},
  );

it.each([
  ['no chunk', [], 'empty'],
  ['empty chunks', ['', ''], 'empty'],
  ['a byte', ['', '{'], undefined],
])('a body of unknown length with %s', async (_what, chunks, refusal) => {
  const response = chunked(chunks);
  expect(await refusalToStore(request, response, createRequestContext())).toBe(refusal);
  expect(await response.text()).toBe(chunks.join(''));
});

it('a compressed body of nothing', async () => {
  const response = chunked([], {'content-type': 'application/json', 'content-length': '20'});
  expect(await refusalToStore(request, response, createRequestContext())).toBe('empty');
});

it.each(['<!doctype html><title>a</title>', '\n <HTML lang="en">', '<!-- a -->'])(
  'HTML without a type is HTML: %s',
  async (body) => {
    expect(await refusalToStore(request, chunked([body], {}), createRequestContext())).toBe('html');
    const page = {method: 'GET', url: 'https://host.test/a.html'};
    expect(await refusalToStore(page, chunked([body], {}), createRequestContext())).toBeUndefined();
  },
);

it.each([
  ['/a.onnx', '<h1>404 Not Found</h1>', 'html'],
  ['/a.onnx', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>', 'wrong-type'],
  ['/a.onnx', '{"error": "not found"}', 'wrong-type'],
  ['/config.json', '<?xml version="1.0"?><Error/>', 'wrong-type'],
  ['/config.json', '{"a": 1}', undefined],
  ['/a.svg', '<?xml version="1.0"?><svg/>', undefined],
  ['/a.svg', '<!-- a drawing --><svg/>', undefined],
  ['/feed', '<?xml version="1.0"?><rss/>', undefined],
])('an answer without a type is judged by its beginning: %s, %s', async (path, body, refusal) => {
  const asked = {method: 'GET', url: `https://host.test${path}`};
  expect(await refusalToStore(asked, chunked([body], {}), createRequestContext())).toBe(refusal);
});

it.each([
  ['/a.onnx', 'application/octet-stream', '<!doctype html>', 'html'],
  ['/a.wasm', 'text/plain; charset=utf-8', '<html><title>Sign in</title>', 'html'],
  ['/config.json', 'binary/octet-stream', '<html>', 'html'],
  ['/a.data', 'application/octet-stream', '{"a": 1}', undefined],
  ['/README.md', 'text/plain', '<p align="center">', undefined],
  ['/a.vue', 'text/plain', '<script>', undefined],
  ['/a.html', 'text/plain', '<!doctype html>', undefined],
])('HTML under a type that says nothing is refused: %s, %s, %s', async (path, type, body, refusal) => {
  const asked = {method: 'GET', url: `https://host.test${path}`};
  const headers = {'content-type': type, 'content-length': '2000'};
  const response = chunked([body], headers);
  expect(await refusalToStore(asked, response, createRequestContext())).toBe(refusal);
  expect(await response.text()).toBe(body);
});

it('a large file of a type that says nothing is not read', async () => {
  const headers = {'content-type': 'application/octet-stream', 'content-length': '1000000'};
  const response = chunked(['0'], headers);
  const clone = vi.spyOn(response, 'clone');
  const asked = {method: 'GET', url: 'https://host.test/a.onnx'};
  expect(await refusalToStore(asked, response, createRequestContext())).toBeUndefined();
  expect(clone).not.toHaveBeenCalled();
});

it('what announces its length and its type is not read', async () => {
  const response = chunked(['{}'], {'content-type': 'application/json', 'content-length': '1000'});
  const clone = vi.spyOn(response, 'clone');
  expect(await refusalToStore(request, response, createRequestContext())).toBeUndefined();
  expect(clone).not.toHaveBeenCalled();
});

it('is read once for all plugins of a request', async () => {
  const response = chunked(['{}']);
  const clone = vi.spyOn(response, 'clone');
  const context = createRequestContext();
  await refusalToStore(request, response, context);
  await refusalToStore(request, response, context);
  expect(clone).toHaveBeenCalledOnce();
});

it('a body that breaks is left to the put', async () => {
  const broken = new Response(new ReadableStream({start: (controller) => controller.error(new TypeError())}));
  expect(await refusalToStore(request, broken, createRequestContext())).toBeUndefined();
});
