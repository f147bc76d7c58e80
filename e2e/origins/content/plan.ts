/** What is generated. A change here or in how it is made needs a new `GENERATOR_VERSION`. */
export interface ContentPlan {
  bucketId: string;
  lines: LinePlan[];
  modelId: string;
  /** Size of the model repository's one large file. */
  weightsBytes: number;
}

export interface LinePlan {
  name: string;
  versions: string[];
  model: {inputs: number; hidden: number};
  places: number;
  tokenizerBytes: number;
  fst: {file: string; bytes: number};
}

export const GENERATOR_VERSION = 1;

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
  modelId: 'mailwoman/tiny',
  weightsBytes: 262_144,
};
