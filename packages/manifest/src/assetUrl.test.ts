import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {assetUrl} from './assetUrl.ts';
import {encodePath} from './encodePath.ts';
import {Field} from './Field.ts';
import {folderOf} from './folderOf.ts';
import {ManifestError} from './ManifestError.ts';

const FOLDER = 'https://a.example/b/c/';
const urlOf = (path: string, folder = FOLDER): string =>
  assetUrl(new Field(path, () => undefined, 'path'), folder);

describe('a path', () => {
  it.each([
    ['model.onnx', 'https://a.example/b/c/model.onnx'],
    ['./model.onnx', 'https://a.example/b/c/model.onnx'],
    ['x/../model.onnx', 'https://a.example/b/c/model.onnx'],
    ['../c/model.onnx', 'https://a.example/b/c/model.onnx'],
    ['/b/c/model.onnx', 'https://a.example/b/c/model.onnx'],
    ['onnx/my model.onnx', 'https://a.example/b/c/onnx/my%20model.onnx'],
    ['a..b', 'https://a.example/b/c/a..b'],
    ['..a', 'https://a.example/b/c/..a'],
    ['a?v=1', 'https://a.example/b/c/a?v=1'],
    ['https://other.example/x?versionId=2', 'https://other.example/x?versionId=2'],
    ['HTTP://Other.Example:80/x', 'http://other.example/x'],
  ])('%s resolves to %s', (path, url) => {
    expect(urlOf(path)).toBe(url);
  });

  it.each([
    '../model.onnx',
    '../../etc/passwd',
    '..\\model.onnx',
    'x/../../model.onnx',
    '%2e%2e/model.onnx',
    '..%2Fmodel.onnx',
    'x/..%2f..%2Fmodel.onnx',
    'x%5c..%5C..%5cmodel.onnx',
    'x/%2E.%2Fmodel.onnx',
    '/model.onnx',
    '/b/cc/model.onnx',
    '//other.example/b/c/model.onnx',
    '\\\\other.example\\x',
    ' https://other.example/x',
    'https:\\\\other.example/x',
    '.',
    './',
    'x/..',
  ])('%j is refused because it leads out of the folder', (path) => {
    expect(() => urlOf(path)).toThrow('Invalid manifest, path: must be the path of a file below the base.');
  });

  it.each([
    'ftp://a.example/x',
    'file:///etc/passwd',
    'data:,x',
    'javascript:1',
    'blob:https://a.example/1',
    'c:/x',
  ])('%s is refused for its scheme', (path) => {
    expect(() => urlOf(path)).toThrow('path: must be an http or https URL, or a path.');
  });

  it.each(['https://', 'https://a b/x', '//['])('%s is refused as neither a URL nor a path', (path) => {
    expect(() => urlOf(path)).toThrow('path: must be a URL or a path.');
  });

  it.each(['https://me:pw@a.example/x', 'https://me@a.example/x', '//:pw@a.example/b/c/x'])(
    '%s is refused for its credentials, and the error does not repeat them',
    (path) => {
      expect(() => urlOf(path)).toThrow(/^Invalid manifest, path: must not have credentials\.$/);
    },
  );

  it.each(['a#b', 'a#', 'https://a.example/#x'])('%s is refused for its fragment', (path) => {
    expect(() => urlOf(path)).toThrow('path: must not have a fragment');
  });

  it('resolves to a URL below the folder, unless it is an absolute URL', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        '%2e',
        '%2F',
        '%5C',
        '//',
        ':',
        '@',
        '#',
        '?',
        'http',
        'https:',
        ' ',
        '\t',
      ),
      fc.string({maxLength: 3}),
    );
    const path = fc.array(part, {maxLength: 8}).map((parts) => parts.join(''));
    fc.assert(
      fc.property(path, (text) => {
        let url: string;
        try {
          url = urlOf(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ManifestError);
          return;
        }
        expect(new URL(url).href).toBe(url);
        if (!/^https?:\/\//i.test(text)) {
          // As a server sees it that decodes the path before it resolves `..`.
          const path = url.slice(FOLDER.length).split('?')[0] ?? '';
          const decoded = path.replace(/%2e/gi, '.').replace(/%2f|%5c/gi, '/');
          expect(url.startsWith(FOLDER)).toBe(true);
          expect(decoded.split('/')).not.toContain('..');
        }
      }),
      {numRuns: 2000},
    );
  });
});

describe('a base', () => {
  it.each([
    ['https://a.example/b/manifest.json', 'https://a.example/b/'],
    ['https://a.example/b/manifest.json?X-Amz-Signature=1/2#x', 'https://a.example/b/'],
    ['https://a.example/b/', 'https://a.example/b/'],
    ['https://a.example', 'https://a.example/'],
    [new URL('http://localhost:8080/b'), 'http://localhost:8080/'],
  ])('%s stands in the folder %s', (base, folder) => {
    expect(folderOf(base)).toBe(folder);
  });

  it.each(['', 'b/c', '/b', 'file:///b', 'data:,x', 'https://me:pw@a.example/', 'blob:https://a.example/1'])(
    'is refused: %j',
    (base) => {
      expect(() => folderOf(base)).toThrow(TypeError);
      expect(() => folderOf(base)).toThrow(
        /^manifest: 'base' must be an absolute http or https URL without credentials, such as /,
      );
    },
  );
});

describe('an encoded file path', () => {
  it.each([
    ['onnx/model.onnx', 'https://a.example/b/c/onnx/model.onnx'],
    ['a b#c?d%20e\\f', 'https://a.example/b/c/a%20b%23c%3Fd%2520e%5Cf'],
    ['a+b,c=(d)@~', 'https://a.example/b/c/a+b,c=(d)@~'],
    ['é', 'https://a.example/b/c/%C3%A9'],
    [' \n', 'https://a.example/b/c/%20%0A'],
    ['..%2f', 'https://a.example/b/c/..%252f'],
  ])('%j resolves to %s', (path, url) => {
    expect(urlOf(encodePath(path))).toBe(url);
  });

  it('is the file path again when the URL is decoded', () => {
    const name = fc.string({unit: 'binary', minLength: 1}).filter((text) => !/[/\\]|^\.+$|^\0/.test(text));
    fc.assert(
      fc.property(name, (text) => {
        const url = urlOf(`./${encodePath(text)}`);
        expect(decodeURIComponent(url.slice(FOLDER.length))).toBe(text);
      }),
      {numRuns: 300},
    );
  });
});
