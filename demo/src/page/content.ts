/** The part of `/content.json` that the demo reads: what the Hub's bucket has. */
export interface Content {
  bucket: {id: string; releases: Release[]};
}

export interface Release {
  /** The locale: what comes before the version in the files' paths, e.g. `en-us`. */
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

/** The line as the worker calls it: its prefix, and the values of its pattern's groups. */
export const lineOf = ({line}: Release): string => `mailwoman-assets-${line}`;

export const sizeOf = ({files}: Release): number => files.reduce((bytes, {size}) => bytes + size, 0);
