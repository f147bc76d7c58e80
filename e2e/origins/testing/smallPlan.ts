import type {ContentPlan} from '../content/plan.ts';

/** Content of the real shape in less than a megabyte. */
export const SMALL_PLAN: ContentPlan = {
  bucketId: 'mailwoman/assets',
  lines: [
    {
      name: 'en-us',
      versions: ['v0.6.0', 'v0.7.0'],
      model: {inputs: 16, hidden: 64},
      places: 100,
      tokenizerBytes: 5_000,
      fst: {file: 'fst-en-US.bin', bytes: 300_000},
    },
  ],
  modelId: 'mailwoman/tiny',
  weightsBytes: 2_000,
};
