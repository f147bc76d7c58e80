import {expect, it} from 'vitest';
import type {StagedAsset} from './StagedAsset.ts';
import {sourcesIn} from './sourcesIn.ts';
import type {StagedRelease} from './stagedReleases.ts';

const digest = {algorithm: 'sha256', hex: 'ab'.repeat(32)} as const;
const model: StagedAsset = {key: 'https://a.test/v2/model', digest};

const release = (line: string, version: string, assets: StagedAsset[]): StagedRelease => ({
  line,
  version,
  order: 1,
  isComplete: true,
  assets,
});

it('finds all assets of other releases that have the same digest, in their order', () => {
  const german: StagedAsset = {key: 'https://a.test/v1/modell', digest, file: 'modell'};
  const sourcesOf = sourcesIn([
    release('models-de', 'v1', [{key: 'https://a.test/v1/a', size: 7}, german]),
    release('models-en', 'v1', [{key: 'https://a.test/v1/model', digest}]),
  ]);
  expect(sourcesOf(model)).toEqual([
    {line: 'models-de', version: 'v1', key: german.key, file: 'modell'},
    {line: 'models-en', version: 'v1', key: 'https://a.test/v1/model', file: undefined},
  ]);
});

it.each<[string, StagedAsset]>([
  ['has another digest', {...model, digest: {...digest, hex: 'cd'.repeat(32)}}],
  ['has a digest by another algorithm', {...model, digest: {...digest, algorithm: 'sha512'}}],
  ['has no digest', {...model, digest: undefined}],
])('finds nothing if the asset of the other release %s', (_what, other) => {
  const sourcesOf = sourcesIn([release('models-en', 'v1', [other])]);
  expect(sourcesOf(model)).toEqual([]);
  expect(sourcesOf({...model, digest: undefined})).toEqual([]);
});
