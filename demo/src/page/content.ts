import {type Line, type LineName, line} from '@holdfast/window';
import {cacheNameOf} from './cacheNameOf.ts';

/** The part of `/content.json` that the demo reads: the files of the Hub's bucket. */
export interface Content {
  bucket: {id: string; releases: Release[]};
}

export interface Release {
  /** The locale: the segment before the version in the files' paths, e.g. `en-us`. */
  line: string;
  /** E.g. `v0.6.0`. */
  version: string;
  files: ReleaseFile[];
  model: ModelExample;
}

export interface ReleaseFile {
  /** The path in the bucket, e.g. `en-us/v0.6.0/model.onnx`. */
  path: string;
  size: number;
  sha256: string;
}

/** An input for the release's `model.onnx`, and the result that it must give. */
export interface ModelExample {
  inputName: string;
  /** One row: the tensor's shape is `[1, input.length]`. */
  input: number[];
  outputName: string;
  /** One probability for each label. */
  output: number[];
  labels: string[];
}

export const readContent = async (): Promise<Content> => {
  const response = await fetch('/content.json');
  if (!response.ok) {
    throw new Error(`The list of releases, /content.json, was answered with ${response.status}.`);
  }
  return response.json();
};

/** `en-us v0.6.0` */
export const nameOf = ({line, version}: Release): string => `${line} ${version}`;

/** The `name` of the bucket's route in the worker. */
const ROUTE = 'mailwoman-assets';

/** Returns the line of a release: the route's name, and the locale that selects the line. */
export const lineNameOf = ({line: locale}: Release): LineName => ({name: ROUTE, values: {locale}});

/** Returns the line of a release, to stage and to switch with. */
export const lineOf = ({line: locale}: Release): Line => line(ROUTE, {locale});

/** Returns the line's whole name, which `releases()` lists and events have. */
export const wholeNameOf = ({line: locale}: Release): string => `${ROUTE}-${locale}`;

/** Returns the name of the cache that stores a release. */
export const cacheOf = (release: Release): string => cacheNameOf(wholeNameOf(release), release.version);

export const sizeOf = ({files}: Release): number => files.reduce((bytes, {size}) => bytes + size, 0);
