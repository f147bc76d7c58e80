/** What the Hub has to offer: `index.json` in the content's folder. */
export interface Content {
  /** The absolute path of the folder that the files are in. */
  folder: string;
  bucket: {id: string; releases: ContentRelease[]};
  model: {id: string; commit: string; files: ContentFile[]};
}

export interface ContentRelease {
  /** Also the first segment of the files' paths, e.g. `en-us`. */
  line: string;
  /** Also the second segment, e.g. `v0.6.0`. */
  version: string;
  files: ContentFile[];
  /** An input for the release's `model.onnx`, and the result that it must give. */
  model: ModelExample;
}

export interface ContentFile {
  /** The path in its repository or bucket, e.g. `en-us/v0.6.0/model.onnx`. */
  path: string;
  size: number;
  sha256: string;
  /** Content-addressed name on the CDN. Files with the same bytes have the same one. */
  xetHash: string;
  /** Name of the git blob: SHA-1 over `blob <size>\0` and the bytes. */
  gitOid: string;
}

export interface ModelExample {
  inputName: string;
  /** One row of this many numbers: the tensor's shape is `[1, input.length]`. */
  input: number[];
  outputName: string;
  /** One probability for each label. */
  output: number[];
  labels: string[];
}
