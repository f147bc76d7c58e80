import type {StagedReleases} from '../Releases.ts';

/** What a worker with staging knows before a release was staged. */
export const nothingStaged: StagedReleases = {
  find: async () => undefined,
  checked: async () => undefined,
  supersededBy: async () => [],
  evict: async () => undefined,
  forget: () => undefined,
};
