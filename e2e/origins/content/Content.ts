/** The files of the Hub and the hosts of wheels: `index.json` in the content's folder. */
export interface Content {
  /** The absolute path of the folder with the files. */
  folder: string;
  bucket: {id: string; releases: ContentRelease[]};
  model: ContentRepository;
  dataset: ContentRepository;
  space: ContentRepository;
  wheels: ContentWheel[];
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

/** A repository in git, with a history. */
export interface ContentRepository {
  id: string;
  /** The older and the newer one. Branches start at the older one. `moveBranch()` of the origins moves them. */
  commits: [ContentCommit, ContentCommit];
}

export interface ContentCommit {
  /** 40 hex digits. */
  commit: string;
  /** A tag, which never moves: `v1.0` at the older commit, `v1.1` at the newer one. */
  tag: string;
  files: ContentFile[];
}

/** A Python package. Wheels with the same name and version have different bytes on different hosts. */
export interface ContentWheel {
  /** The origin that has it. */
  origin: 'jsdelivr' | 'pypiFiles';
  /** The path there, e.g. `/pyodide/v314.0.7/full/mailwoman_places-1.0.0-py3-none-any.whl`. */
  path: string;
  /** The name to install it by, e.g. `mailwoman-places`. */
  name: string;
  version: string;
  /** The name to import it by. */
  module: string;
  /** The value of `BUILD` in the module. It is unique to each wheel. */
  build: string;
  size: number;
  sha256: string;
}

export interface ContentFile {
  /** The path in its repository or bucket, e.g. `en-us/v0.6.0/model.onnx`. */
  path: string;
  size: number;
  sha256: string;
  /** The content-addressed name on the CDN. Files with the same bytes have the same name. */
  xetHash: string;
  /** The name of these bytes as a git blob. For a large file, git has a pointer with another name. */
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
