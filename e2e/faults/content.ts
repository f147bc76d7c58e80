/** The content of the sequences: two lines of three releases with three small files each. Releases share some files. */
import {createHash} from 'node:crypto';
import type {Manifest} from '@holdfast/manifest';
import type {LineName} from '@holdfast/service-worker/messages';
import type {Tab} from './World.ts';

export const LINES = ['files-en', 'files-live'] as const;
export const VERSIONS = ['v1', 'v2', 'v3'] as const;
export const NAMES = ['a', 'b', 'c'] as const;

export type Line = (typeof LINES)[number];
export type Version = (typeof VERSIONS)[number];
export type Name = (typeof NAMES)[number];

/** A file of a release. */
export interface File {
  line: Line;
  version: Version;
  name: Name;
}

/** The body of each file: the same letter and number mean the same bytes. */
const BODIES: Record<Line, Record<Version, readonly [a: string, b: string, c: string]>> = {
  'files-en': {v1: ['A1', 'B1', 'C1'], v2: ['A1', 'B2', 'C2'], v3: ['A3', 'B2', 'C1']},
  'files-live': {v1: ['A1', 'L1', 'M1'], v2: ['A1', 'L2', 'M1'], v3: ['A3', 'L3', 'M3']},
};

/** From one byte to some kilobytes. */
const SIZES: Record<string, number> = {A: 5000, B: 3001, C: 1, L: 4096, M: 2500};

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const makeBody = (name: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(SIZES[name.charAt(0)] ?? 0);
  for (let at = 0; at < bytes.length; at += 32) {
    const block = createHash('sha256').update(`${name} ${at}`).digest();
    bytes.set(block.subarray(0, bytes.length - at), at);
  }
  return bytes;
};

const bodies = new Map(
  [...new Set(LINES.flatMap((line) => VERSIONS.flatMap((version) => [...BODIES[line][version]])))].map(
    (name) => [name, makeBody(name)],
  ),
);

export const bytesOf = ({line, version, name}: File): Uint8Array<ArrayBuffer> =>
  bodies.get(BODIES[line][version][NAMES.indexOf(name)] ?? '') ?? new Uint8Array();

const digests = new Map([...bodies.values()].map((bytes) => [bytes, sha256(bytes)]));

export const digestOf = (file: File): string => digests.get(bytesOf(file)) ?? '';

export const filesOf = (line: Line, version: Version): File[] => NAMES.map((name) => ({line, version, name}));

export const ALL_FILES: readonly File[] = LINES.flatMap((line) =>
  VERSIONS.flatMap((version) => filesOf(line, version)),
);

/**
 * Returns the path of a file on its host. The URLs of `files-en` have a version. At those of `files-live` the host serves
 * the version that was published last.
 */
export const pathOf = ({line, version, name}: File): string =>
  line === 'files-en' ? `/files/en/${version}/${name}.bin` : `/files/live/${name}.bin`;

export const cacheNameOf = (line: Line, version: Version): string => `${line}-${version}`;

/** Returns a line as a page names it: some by the name of the route and the values, others by the whole name. */
export const lineNameOf = ({line, tab}: {line: Line; tab: Tab}): LineName =>
  tab === 1 ? {name: 'files', values: {line: line.slice('files-'.length)}} : {name: line};

export const manifestOf = (origin: string, line: Line, version: Version): Manifest => ({
  assets: filesOf(line, version).map((file) => ({
    url: origin + pathOf(file),
    size: bytesOf(file).length,
    digest: {algorithm: 'sha256', hex: digestOf(file)},
  })),
});

/** Returns code to put before the worker's: a URL with a version always has the same bytes. */
export const knownAssets = (origin: string): string => {
  const assets = VERSIONS.flatMap((version) => manifestOf(origin, 'files-en', version).assets);
  return `const KNOWN_ASSETS = ${JSON.stringify(assets)};\n`;
};
