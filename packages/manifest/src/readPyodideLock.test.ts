import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {describe, expect, it, vi} from 'vitest';
import {ManifestError} from './ManifestError.ts';
import {readPyodideLock} from './readPyodideLock.ts';

/** The lock of a real Pyodide release. */
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

describe('the lock of a Pyodide release', () => {
  it('gives every package with its digest and a URL beside the lock', () => {
    const {assets} = readPyodideLock(LOCK, BASE);
    expect(assets).toHaveLength(Object.keys(locked).length);
    expect(assets).toHaveLength(357);
    expect(assets).toContainEqual({
      url: `https://cdn.jsdelivr.net/pyodide/v314.0.7/full/${locked.numpy?.file_name}`,
      digest: {algorithm: 'sha256', hex: locked.numpy?.sha256},
    });
  });

  it('gives a package without dependencies alone', () => {
    expect(fileNames('numpy')).toEqual([locked.numpy?.file_name]);
  });

  it('gives direct and indirect dependencies once', () => {
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

  it('finds a package by any spelling of its name', () => {
    expect(fileNames('Ruamel_YAML')).toEqual([locked['ruamel-yaml']?.file_name]);
    expect(locked.pydantic?.depends).toContain('pydantic_core');
    expect(fileNames('pydantic')).toContain(locked['pydantic-core']?.file_name);
  });

  it('gives no assets for an empty list of packages', () => {
    expect(fileNames()).toEqual([]);
  });

  it('gives URLs below another base', () => {
    const [asset] = readPyodideLock(LOCK, 'https://mirror.example/wheels/', {packages: ['numpy']}).assets;
    expect(asset?.url).toBe(`https://mirror.example/wheels/${locked.numpy?.file_name}`);
  });

  it('is refused when it does not have a package', () => {
    expect(() => readPyodideLock(LOCK, BASE, {packages: ['numpy', 'tensorflow']})).toThrow(
      'Invalid manifest, line 1, packages.tensorflow: must be an object, but is missing.',
    );
    expect(() => readPyodideLock(LOCK, BASE, {packages: ['constructor']})).toThrow(ManifestError);
  });
});

const write = (packages: unknown): string => JSON.stringify({info: {}, packages}, null, 2);

it('accepts absolute URLs as file names, as micropip.freeze writes them', () => {
  const url = 'https://files.pythonhosted.org/packages/aa/bb/cc/x-1.0-py3-none-any.whl';
  expect(readPyodideLock(write({x: {depends: [], file_name: url, sha256: SHA}}), BASE).assets).toEqual([
    {url, digest: {algorithm: 'sha256', hex: SHA}},
  ]);
});

describe('leaves out a package, and says so,', () => {
  const good = {depends: [], file_name: 'a.whl', sha256: SHA};
  const others = [{url: new URL('a.whl', BASE).href, digest: {algorithm: 'sha256', hex: SHA}}];

  it.each([
    ['whose file is not known', {...good, file_name: null}, 'file_name'],
    ['that names no file', {depends: [], sha256: SHA}, 'file_name'],
    ['without a digest', {...good, sha256: null}, 'sha256'],
  ])('%s', (_, b, missing) => {
    const onLeftOut = vi.fn();
    const lock = write({a: {...good, depends: ['b']}, b});
    expect(readPyodideLock(lock, BASE, {onLeftOut}).assets).toEqual(others);
    expect(readPyodideLock(lock, BASE, {packages: ['a'], onLeftOut}).assets).toEqual(others);
    expect(onLeftOut.mock.calls).toEqual([
      ['b', missing],
      ['b', missing],
    ]);
  });

  it('in the console where nothing else is asked for', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    readPyodideLock(write({b: {...good, file_name: null}}), BASE);
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining("'b' is left out, because the lock has no file_name"),
    );
    warn.mockRestore();
  });
});

it('accepts packages that depend on each other', () => {
  const a = {depends: ['B'], file_name: 'a.whl', sha256: SHA};
  const b = {depends: ['a'], file_name: 'b.whl', sha256: SHA};
  expect(readPyodideLock(write({a, b}), BASE, {packages: ['a']}).assets).toHaveLength(2);
});

describe('refuses an invalid lock with the line and the reason:', () => {
  const good = {depends: [], file_name: 'a.whl', sha256: SHA};
  it.each([
    ['{', 'line 1: is not valid JSON at column 2.'],
    ['{"info": {}}', 'line 1, packages: must be an object, but is missing.'],
    [
      write({a: {...good, sha256: 'abc'}}),
      'line 7, packages.a.sha256: must be 64 hex digits, but is a string of length 3.',
    ],
    [
      write({a: {...good, file_name: '../a.whl'}}),
      'line 6, packages.a.file_name: must be the path of a file below',
    ],
    [
      write({a: {...good, file_name: 'emfs:/a.whl'}}),
      'line 6, packages.a.file_name: must be an http or https URL',
    ],
    [
      write({a: good, b: {...good, sha256: 'cd'.repeat(32)}}),
      'line 9, packages.b: is listed before with another digest.',
    ],
  ])('%j', (text, message) => {
    expect(() => readPyodideLock(text, BASE)).toThrow(ManifestError);
    expect(() => readPyodideLock(text, BASE)).toThrow(`Invalid manifest, ${message}`);
  });
});

describe('refuses dependencies that', () => {
  it.each([
    ['are not a list', 'b', 'line 5, packages.a.depends: must be an array, but is a string of length 1.'],
    ['are not names', [1], 'line 6, packages.a.depends[0]: must be a non-empty string, but is 1.'],
    ['are not in the lock', ['b'], 'line 3, packages.b: must be an object, but is missing.'],
  ])('%s', (_, depends, message) => {
    const text = write({a: {depends, file_name: 'a.whl', sha256: SHA}});
    expect(() => readPyodideLock(text, BASE, {packages: ['a']})).toThrow(`Invalid manifest, ${message}`);
  });
});
