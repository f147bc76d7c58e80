import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {assetUrl, folderOf} from './assetUrl.ts';
import {encodePath} from './encodePath.ts';
import {Field} from './Field.ts';
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
  ])('%s is %s', (path, url) => {
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
  ])('%j leads out of the folder', (path) => {
    expect(() => urlOf(path)).toThrow('Bad manifest, path: must be the path of a file below the base.');
  });

  it.each([
    'ftp://a.example/x',
    'file:///etc/passwd',
    'data:,x',
    'javascript:1',
    'blob:https://a.example/1',
    'c:/x',
  ])('%s has the wrong scheme', (path) => {
    expect(() => urlOf(path)).toThrow('path: must be a URL of the scheme https or http, or a path.');
  });

  it.each(['https://', 'https://a b/x', '//['])('%s is nothing', (path) => {
    expect(() => urlOf(path)).toThrow('path: is neither a URL nor a path.');
  });

  it.each(['https://me:pw@a.example/x', 'https://me@a.example/x', '//:pw@a.example/b/c/x'])(
    '%s holds credentials, and the error does not',
    (path) => {
      expect(() => urlOf(path)).toThrow(/^Bad manifest, path: must not hold credentials\.$/);
    },
  );

  it.each(['a#b', 'a#', 'https://a.example/#x'])('%s has a fragment', (path) => {
    expect(() => urlOf(path)).toThrow('path: must not have a fragment');
  });

  it('gets nowhere but below the folder, or where it says', () => {
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
          // As a server has it that decodes first and walks then.
          const path = url.slice(FOLDER.length).split('?')[0] ?? '';
          const walked = path.replace(/%2e/gi, '.').replace(/%2f|%5c/gi, '/');
          expect(url.startsWith(FOLDER)).toBe(true);
          expect(walked.split('/')).not.toContain('..');
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
  ])('%s stands in %s', (base, folder) => {
    expect(folderOf(base)).toBe(folder);
  });

  it.each(['', 'b/c', '/b', 'file:///b', 'data:,x', 'https://me:pw@a.example/', 'blob:https://a.example/1'])(
    'cannot be %j',
    (base) => {
      expect(() => folderOf(base)).toThrow(TypeError);
      expect(() => folderOf(base)).toThrow(/^manifest: base must be an absolute URL, .*credentials$/);
    },
  );
});

describe('the name of a file, encoded', () => {
  it.each([
    ['onnx/model.onnx', 'https://a.example/b/c/onnx/model.onnx'],
    ['a b#c?d%20e\\f', 'https://a.example/b/c/a%20b%23c%3Fd%2520e%5Cf'],
    ['a+b,c=(d)@~', 'https://a.example/b/c/a+b,c=(d)@~'],
    ['é', 'https://a.example/b/c/%C3%A9'],
    [' \n', 'https://a.example/b/c/%20%0A'],
    ['..%2f', 'https://a.example/b/c/..%252f'],
  ])('%j is %s', (path, url) => {
    expect(urlOf(encodePath(path))).toBe(url);
  });

  it('comes back when the URL is decoded', () => {
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
