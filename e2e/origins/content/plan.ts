/** What is generated. After a change here, in the generators or of Pyodide, increase `GENERATOR_VERSION`. */
export interface ContentPlan {
  bucketId: string;
  lines: LinePlan[];
  model: RepositoryPlan;
  dataset: RepositoryPlan;
  space: RepositoryPlan;
  wheels: WheelsPlan;
}

export interface LinePlan {
  name: string;
  versions: string[];
  model: {inputs: number; hidden: number};
  places: number;
  tokenizerBytes: number;
  fst: {file: string; bytes: number};
}

export interface RepositoryPlan {
  id: string;
  /** The one file that is too large for git. */
  large: {file: string; bytes: number};
}

export interface WheelsPlan {
  name: string;
  /** The versions on PyPI. Each release of Pyodide has the first one. */
  versions: [string, ...string[]];
}

export const GENERATOR_VERSION = 2;

export const PLAN: ContentPlan = {
  bucketId: 'mailwoman/assets',
  lines: [
    {
      name: 'en-us',
      versions: ['v0.6.0', 'v0.7.0'],
      model: {inputs: 256, hidden: 3328},
      places: 60_000,
      tokenizerBytes: 1_000_000,
      fst: {file: 'fst-en-US.bin', bytes: 7_000_000},
    },
    {
      name: 'de-de',
      versions: ['v0.6.0', 'v0.7.0'],
      model: {inputs: 64, hidden: 512},
      places: 3_000,
      tokenizerBytes: 250_000,
      fst: {file: 'fst-de-DE.bin', bytes: 300_000},
    },
  ],
  model: {id: 'mailwoman/tiny', large: {file: 'model.safetensors', bytes: 262_144}},
  dataset: {id: 'mailwoman/places', large: {file: 'data/train.parquet', bytes: 131_072}},
  space: {id: 'mailwoman/playground', large: {file: 'weights.bin', bytes: 65_536}},
  wheels: {name: 'mailwoman-places', versions: ['1.0.0', '1.1.0']},
};
