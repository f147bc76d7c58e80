import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {ManifestError} from './ManifestError.ts';
import {readPyodideLock} from './readPyodideLock.ts';

/** The lock file of the real release. */
const LOCK = readFileSync(fileURLToPath(import.meta.resolve('pyodide/pyodide-lock.json')), 'utf8');
const BASE = 'https://cdn.jsdelivr.net/pyodide/v314.0.7/full/pyodide-lock.json';
const SHA = 'ab'.repeat(32);

interface Locked {
  depends: string[];
  file_name: string;
  sha256: string;
}
const {packages: locked} = JSON.parse(LOCK) as {packages: Record<string, Locked>};

const fileNames = (...packages: string[]): string[] =>
  readPyodideLock(LOCK, BASE, {packages}).assets.map(({url}) => url.slice(url.lastIndexOf('/') + 1));

describe('the lock of a release', () => {
  it('lists each of its packages by digest, beside the lock', () => {
    const {assets} = readPyodideLock(LOCK, BASE);
    expect(assets).toHaveLength(Object.keys(locked).length);
    expect(assets).toHaveLength(357);
    expect(assets).toContainEqual({
      url: `https://cdn.jsdelivr.net/pyodide/v314.0.7/full/${locked.numpy?.file_name}`,
      digest: {algorithm: 'sha256', hex: locked.numpy?.sha256},
    });
  });

  it('lists a package alone when it depends on nothing', () => {
    expect(fileNames('numpy')).toEqual([locked.numpy?.file_name]);
  });

  it('lists what a package depends on, and what that depends on, once', () => {
    const names = fileNames('pandas', 'scikit-learn');
    for (const name of [
      'pandas',
      'numpy',
      'python-dateutil',
      'six',
      'pytz',
      'scikit-learn',
      'scipy',
      'joblib',
    ]) {
      expect(names).toContain(locked[name]?.file_name);
    }
    expect(new Set(names).size).toBe(names.length);
    expect(names).not.toContain(locked.matplotlib?.file_name);
  });

  it('knows a package by any spelling of its name, as its dependents do', () => {
    expect(fileNames('Ruamel_YAML')).toEqual([locked['ruamel-yaml']?.file_name]);
    expect(locked.pydantic?.depends).toContain('pydantic_core');
    expect(fileNames('pydantic')).toContain(locked['pydantic-core']?.file_name);
  });

  it('lists nothing when nothing is asked for', () => {
    expect(fileNames()).toEqual([]);
  });

  it('can be listed from another base', () => {
    const [asset] = readPyodideLock(LOCK, 'https://mirror.example/wheels/', {packages: ['numpy']}).assets;
    expect(asset?.url).toBe(`https://mirror.example/wheels/${locked.numpy?.file_name}`);
  });

  it('says when it does not have a package', () => {
    expect(() => readPyodideLock(LOCK, BASE, {packages: ['numpy', 'tensorflow']})).toThrow(
      'Bad manifest, line 1, packages.tensorflow: must be an object, but is missing.',
    );
    expect(() => readPyodideLock(LOCK, BASE, {packages: ['constructor']})).toThrow(ManifestError);
  });
});

const write = (packages: unknown): string => JSON.stringify({info: {}, packages}, null, 2);

it('takes absolute names of files, as micropip.freeze writes them', () => {
  const url = 'https://files.pythonhosted.org/packages/aa/bb/cc/x-1.0-py3-none-any.whl';
  expect(readPyodideLock(write({x: {depends: [], file_name: url, sha256: SHA}}), BASE).assets).toEqual([
    {url, digest: {algorithm: 'sha256', hex: SHA}},
  ]);
});

it('follows packages that depend on one another', () => {
  const a = {depends: ['B'], file_name: 'a.whl', sha256: SHA};
  const b = {depends: ['a'], file_name: 'b.whl', sha256: SHA};
  expect(readPyodideLock(write({a, b}), BASE, {packages: ['a']}).assets).toHaveLength(2);
});

describe('a bad lock is refused with the line and the reason:', () => {
  const good = {depends: [], file_name: 'a.whl', sha256: SHA};
  it.each([
    ['{', 'line 1: not JSON from column 2 on.'],
    ['{"info": {}}', 'line 1, packages: must be an object, but is missing.'],
    [write({a: {...good, sha256: null}}), 'line 7, packages.a.sha256: must be 64 hex digits, but is null.'],
    [
      write({a: {...good, file_name: '../a.whl'}}),
      'line 6, packages.a.file_name: must be the path of a file below',
    ],
    [
      write({a: {...good, file_name: 'emfs:/a.whl'}}),
      'line 6, packages.a.file_name: must be a URL of the scheme https',
    ],
    [
      write({a: good, b: {...good, sha256: 'cd'.repeat(32)}}),
      'line 9, packages.b: is listed before with another digest.',
    ],
  ])('%j', (text, message) => {
    expect(() => readPyodideLock(text, BASE)).toThrow(ManifestError);
    expect(() => readPyodideLock(text, BASE)).toThrow(`Bad manifest, ${message}`);
  });
});

describe('what a package depends on is refused when it', () => {
  it.each([
    ['is no list', 'b', 'line 5, packages.a.depends: must be an array, but is a string of length 1.'],
    ['has no names', [1], 'line 6, packages.a.depends[0]: must be a string that is not empty, but is 1.'],
    ['is not in the lock', ['b'], 'line 3, packages.b: must be an object, but is missing.'],
  ])('%s', (_, depends, message) => {
    const text = write({a: {depends, file_name: 'a.whl', sha256: SHA}});
    expect(() => readPyodideLock(text, BASE, {packages: ['a']})).toThrow(`Bad manifest, ${message}`);
  });
});
