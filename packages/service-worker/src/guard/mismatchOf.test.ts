import {describe, expect, it} from 'vitest';
import type {Mismatch} from '../messages/protocol.ts';
import {mismatchOf} from './mismatchOf.ts';

interface Answered {
  type?: string;
  body?: string | null;
  headers?: Record<string, string>;
  /** Where a redirect has led. */
  url?: string;
}

const answer = ({type, body = 'body', headers = {}, url}: Answered): Response => {
  const response = new Response(body, {headers});
  response.headers.delete('content-type');
  if (type !== undefined) {
    response.headers.set('content-type', type);
  }
  return url === undefined
    ? response
    : Object.defineProperties(response, {url: {value: url}, redirected: {value: true}});
};

const asked = (path: string, destination: RequestDestination = '', mode: RequestMode = 'cors') => ({
  url: `https://host.test${path}`,
  destination,
  mode,
});

const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json';

describe('HTML is refused', () => {
  it.each([
    '/config.json',
    '/model.onnx',
    '/app.js',
    '/style.css',
    '/module.wasm',
    '/image.png',
    '/no-ending',
    '/folder/',
    '/page.php',
    '/model.onnx?page=a.html',
    '/a.html/model.bin',
  ])('for %s', (path) => {
    for (const type of [
      HTML,
      'text/html',
      'application/octet-stream, text/html',
      'TEXT/HTML',
      'application/xhtml+xml',
    ]) {
      expect(mismatchOf(asked(path), answer({type}), false)).toBe('html');
    }
  });

  it.each<[string, RequestDestination]>([
    ['/a', 'script'],
    ['/a', 'image'],
    ['/a', 'worker'],
    ['/a', 'audio'],
  ])('for %s as %s', (path, destination) => {
    expect(mismatchOf(asked(path, destination, 'no-cors'), answer({type: HTML}), false)).toBe('html');
  });
});

describe('HTML is right', () => {
  it.each(['/page.html', '/page.htm', '/page.HTML', '/page.xhtml', '/page.html?v=1'])('for %s', (path) => {
    expect(mismatchOf(asked(path), answer({type: HTML}), false)).toBeUndefined();
  });

  it('for a navigation', () => {
    expect(mismatchOf(asked('/docs/', 'document', 'navigate'), answer({type: HTML}), false)).toBeUndefined();
    expect(mismatchOf(asked('/docs/', 'iframe', 'navigate'), answer({type: HTML}), false)).toBeUndefined();
  });

  it('where the route says so', () => {
    expect(mismatchOf(asked('/fragments/header'), answer({type: HTML}), true)).toBeUndefined();
  });

  it.each([
    ['/docs/start', '/docs/start.html'],
    ['/docs/start.html', '/docs/start'],
    ['/docs/index.html', '/docs/'],
    ['/docs/start.html', '/docs/start/'],
    ['/library/page.html', '/library@1.2.3/page.html'],
  ])('behind a redirect to another spelling of its name: %s', (path, to) => {
    const redirected = answer({type: HTML, url: `https://host.test${to}`});
    expect(mismatchOf(asked(path), redirected, false)).toBeUndefined();
  });
});

describe('a redirect to another page is refused', () => {
  it.each<[string, string, string, boolean]>([
    ['/page.html', 'https://host.test/account', HTML, false],
    ['/page.html', 'https://accounts.test/v3/start.html', HTML, false],
    ['/fragments/header', 'https://host.test/fragments/footer', HTML, true],
    ['/config.json', 'https://host.test/login', JSON_TYPE, false],
    ['/config.json', 'https://host.test/users/sign_in', JSON_TYPE, false],
    ['/config.json', 'https://host.test/oauth2/authorize', JSON_TYPE, false],
    ['/config.json', 'https://host.test/errors/json', JSON_TYPE, false],
    ['/model.bin', 'https://host.test/404', 'text/plain', false],
    ['/model.bin', 'https://host.test/503.txt', 'text/plain', false],
    ['/model.bin', 'https://host.test/account/expired', 'text/plain', false],
    ['/config.json', 'https://host.test/oauth/sign-in', JSON_TYPE, false],
    ['/model.bin', 'https://host.test/sso/start', 'text/plain', false],
    [
      '/models/a.bin',
      'https://accounts.test/v3?continue=https%3A%2F%2Fhost.test%2Fmodels%2Fa.bin',
      'text/plain',
      false,
    ],
    ['/models/a.bin', 'https://host.test/enter?next=/models/a.bin', 'application/octet-stream', false],
  ])('%s → %s', (path, url, type, isHtml) => {
    expect(mismatchOf(asked(path), answer({type, url}), isHtml)).toBe('redirected');
  });

  it.each([
    [
      '/a/b/resolve/main/config.json',
      'https://host.test/api/resolve-cache/models/a/b/0123/config.json?%2Fa%2Fb%2Fresolve%2Fmain%2Fconfig.json=&etag=%221%22',
    ],
    ['/org/model/resolve/main/model.onnx', 'https://cdn.test/repos/ab/cd/0123?Signature=x&Policy=y'],
    ['/models/a.bin', 'https://cdn.test/models/a.bin?token=exp=1~acl=/models/a.bin~hmac=00'],
    ['/d3', 'https://host.test/d3@7.9.0/dist/d3.js'],
    ['/a/speech/resolve/main/m.onnx', 'https://host.test/a/speech-error/resolve/main/m.onnx'],
    ['/models/a.bin', 'https://cdn.test/challenge/a.bin'],
    ['/model/7', 'https://cdn.test/files/4040'],
    ['/authors/a.bin', 'https://cdn.test/authors/a.bin'],
    ['/login/a.bin', 'https://cdn.test/login/a.bin'],
  ])('%s → %s is none', (path, url) => {
    const redirected = answer({type: 'application/octet-stream', url});
    expect(mismatchOf(asked(path), redirected, false)).toBeUndefined();
  });
});

describe('a type that cannot be right is refused:', () => {
  it.each<[string, string, RequestDestination?]>([
    ['/model.onnx', JSON_TYPE],
    ['/model.onnx', 'application/problem+json'],
    ['/model.onnx', 'text/json; charset=utf-8'],
    ['/model.safetensors', 'application/xml'],
    ['/a.WASM', 'text/xml'],
    ['/a.wasm', 'image/png'],
    ['/a.wasm', 'text/javascript'],
    ['/a.onnx', 'text/css'],
    ['/a.onnx', 'application/x-json'],
    ['/a.onnx', 'application/octet-stream, application/json'],
    ['/a.onnx.001', JSON_TYPE],
    ['/a.gguf.part2', JSON_TYPE],
    ['/model.onnx-data', JSON_TYPE],
    ['/model.weights', JSON_TYPE],
    ['/scene.ply', JSON_TYPE],
    ['/scene.spz', 'application/xml'],
    ['/scan.tif', JSON_TYPE],
    ['/font.eot', JSON_TYPE],
    ['/vocab.txt', JSON_TYPE],
    ['/merges.txt', 'application/xml'],
    ['/config.json', 'application/xml'],
    ['/tokenizer.json', 'text/xml'],
    ['/a.tar.gz', JSON_TYPE],
    ['/a.png', JSON_TYPE],
    ['/a.mp4', 'application/javascript'],
    ['/a.woff2', 'text/css'],
    ['/config.json', 'image/gif'],
    ['/config.json', 'video/mp4'],
    ['/app.mjs', JSON_TYPE],
    ['/app.js', 'image/svg+xml'],
    ['/style.css', 'application/xml'],
    ['/page.html', 'image/png'],
    ['/a', JSON_TYPE, 'script'],
    ['/a', JSON_TYPE, 'image'],
    ['/a', 'text/javascript', 'audio'],
    ['/a', 'image/png', 'style'],
    ['/a', 'application/json', 'font'],
    ['/a', 'image/png', 'worker'],
  ])('%s as %s', (path, type, destination) => {
    const length = {'content-length': '4'};
    expect(mismatchOf(asked(path, destination), answer({type, headers: length}), false)).toBe('wrong-type');
    expect(mismatchOf(asked(path, destination), answer({type, headers: length}), true)).toBe('wrong-type');
  });

  it.each<[string, string | undefined, RequestDestination?]>([
    ['/model.onnx', undefined],
    ['/model.onnx', 'application/octet-stream'],
    ['/model.onnx', 'binary/octet-stream'],
    ['/model.onnx', 'text/plain; charset=utf-8'],
    ['/model.onnx', 'not a type'],
    ['/a.wasm', 'application/wasm'],
    ['/a.bin', 'image/png'],
    ['/a.basis', 'image/x-basis'],
    ['/a.js.map', JSON_TYPE],
    ['/vocab.txt', 'text/plain'],
    ['/a.json', 'text/html, application/json'],
    ['/d3.v7.1', JSON_TYPE],
    ['/feed.xml', 'application/rss+xml'],
    ['/a.wasm', 'text/javascript', 'script'],
    ['/a.json', 'text/plain'],
    ['/a.json', 'text/javascript'],
    ['/a.json.gz', JSON_TYPE],
    ['/a.geojson', 'application/geo+json'],
    ['/a.png', 'image/webp'],
    ['/a.svg', 'image/svg+xml'],
    ['/a.svg', 'text/xml', 'image'],
    ['/a.svg', 'application/xml; charset=utf-8'],
    ['/config.json', JSON_TYPE, 'script'],
    ['/config.json', JSON_TYPE, 'json' as RequestDestination],
    ['/thumbnails/1', 'image/png', 'document'],
    ['/thumbnails/1', 'image/png', 'iframe'],
    ['/paper', 'video/mp4', 'embed'],
    ['/a.js', 'application/x-javascript'],
    ['/a.gltf', 'model/gltf+json'],
    ['/a.glb', 'model/gltf-binary'],
    ['/a', JSON_TYPE],
    ['/a', 'image/png'],
    ['/a', 'text/css', 'style'],
    ['/a', 'image/png', 'image'],
    ['/tiles/1.pbf', 'application/x-protobuf'],
    ['/tokenizer.json', JSON_TYPE],
    ['/voices.unknown', JSON_TYPE],
  ])('%s as %s is none', (path, type, destination) => {
    const headers = {'content-length': '4'};
    const told = answer(type === undefined ? {headers} : {type, headers});
    expect(mismatchOf(asked(path, destination), told, false)).toBeUndefined();
  });
});

it.each<[string, Answered, Mismatch | undefined]>([
  ['no body', {body: null}, 'empty'],
  ['a length of 0', {headers: {'content-length': '0'}}, 'empty'],
  ['a sound without a length', {type: 'audio/mpeg'}, 'endless'],
  ['a video without a length', {type: 'video/mp4'}, 'endless'],
  ['a sound with a length', {type: 'audio/mpeg', headers: {'content-length': '4'}}, undefined],
  ['a compressed sound', {type: 'audio/wav', headers: {'content-encoding': 'gzip'}}, undefined],
  ['a stream of events', {type: 'text/event-stream', headers: {'content-length': '4'}}, 'endless'],
  ['a stream of pictures', {type: 'multipart/x-mixed-replace; boundary=b'}, 'endless'],
])('%s', (_what, answered, mismatch) => {
  expect(mismatchOf(asked('/live'), answer(answered), false)).toBe(mismatch);
});

it('JSON is right under the name of a binary where the page asks for it', () => {
  const headers = new Headers({accept: 'application/vnd.xet-fileinfo+json, */*'});
  const described = {...asked('/model.safetensors'), headers};
  expect(
    mismatchOf(described, answer({type: 'application/vnd.xet-fileinfo+json; v=1'}), false),
  ).toBeUndefined();
  expect(mismatchOf(described, answer({type: JSON_TYPE}), false)).toBe('wrong-type');
});

it('a request without a URL is judged by the answer alone', () => {
  expect(mismatchOf({}, answer({type: HTML}), false)).toBe('html');
  expect(mismatchOf({}, answer({type: JSON_TYPE}), false)).toBeUndefined();
});

it('a long type takes no time', () => {
  for (const type of [`application/${'a+'.repeat(50_000)}`, `text/${'x'.repeat(100_000)}`]) {
    expect(mismatchOf(asked('/a.onnx'), answer({type}), false)).toBeUndefined();
  }
});
