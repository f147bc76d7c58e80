import {createHash} from 'node:crypto';
import type {ContentWheel} from './Content.ts';
import {makeZip} from './makeZip.ts';

export interface Wheel extends Pick<ContentWheel, 'name' | 'version' | 'module' | 'build'> {
  fileName: string;
  bytes: Buffer;
}

const recordLine = (path: string, text: string): string => {
  const digest = createHash('sha256').update(text).digest('base64url');
  return `${path},sha256=${digest},${Buffer.byteLength(text)}`;
};

/**
 * Makes a real wheel with one Python module:
 * https://packaging.python.org/en/latest/specifications/binary-distribution-format/
 */
export const makeWheel = (name: string, version: string, build: string): Wheel => {
  const module = name.replaceAll('-', '_');
  const info = `${module}-${version}.dist-info`;
  const files: Record<string, string> = {
    [`${module}/__init__.py`]: `__version__ = '${version}'\nBUILD = '${build}'\n`,
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: Invented places\n`,
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nGenerator: holdfast\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  };
  const record = `${info}/RECORD`;
  const lines = Object.entries(files).map(([path, text]) => recordLine(path, text));
  return {
    name,
    version,
    module,
    build,
    fileName: `${module}-${version}-py3-none-any.whl`,
    // The record lists itself, without a digest.
    bytes: makeZip({...files, [record]: `${[...lines, `${record},,`].join('\n')}\n`}),
  };
};
