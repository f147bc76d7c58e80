import {FileDownloads} from '../../downloads/FileDownloads.ts';
import type {Feature} from '../../messages/Feature.ts';
import {MessageListener} from '../../messages/MessageListener.ts';
import {Releases} from '../Releases.ts';
import {StagedAssets} from './StagedAssets.ts';
import {stageMessages} from './stageMessages.ts';

/**
 * Lets pages stage releases: download and verify all files of a version beside the current one.
 *
 * @example
 * registerAssets(huggingFace(), {features: [staging()]});
 */
export const staging = (): Feature => ({
  setUp: (worker) => {
    const releases = worker.part(Releases);
    releases.staged ||= new StagedAssets(releases);
    // It deletes pieces of large files with the caches in which the files belong.
    worker.part(FileDownloads);
    worker.part(MessageListener).answer(stageMessages(worker));
  },
});
