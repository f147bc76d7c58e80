import type {ContentPlan} from '../content/plan.ts';

/** Content like the real one, in less than a megabyte. */
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
  model: {id: 'mailwoman/tiny', large: {file: 'model.safetensors', bytes: 2_000}},
  dataset: {id: 'mailwoman/places', large: {file: 'data/train.parquet', bytes: 2_000}},
  space: {id: 'mailwoman/playground', large: {file: 'weights.bin', bytes: 2_000}},
  wheels: {name: 'mailwoman-places', versions: ['1.0.0', '1.1.0']},
};
