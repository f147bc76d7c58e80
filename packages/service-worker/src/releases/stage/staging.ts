import type {Feature} from '../../messages/Feature.ts';
import {MessageListener} from '../../messages/MessageListener.ts';
import {Releases} from '../Releases.ts';
import {StagedAssets} from './StagedAssets.ts';
import {stageMessages} from './stageMessages.ts';

/**
 * Lets pages stage releases: download and verify all files of a version beside the current one. An interrupted stage
 * resumes with the files that are missing; within a large file, it resumes if the worker has `downloads()`, too.
 *
 * @example
 * registerAssets(huggingFace(), {features: [staging()]});
 */
export const staging = (): Feature => ({
  setUp: (worker) => {
    const releases = worker.part(Releases);
    releases.staged ||= new StagedAssets(releases);
    worker.part(MessageListener).answer(stageMessages(worker));
  },
});
