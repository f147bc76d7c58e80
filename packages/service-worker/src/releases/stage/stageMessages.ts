import {headersIn} from '../../messages/headersIn.ts';
import {Jobs} from '../../messages/Jobs.ts';
import type {Handlers} from '../../messages/MessageListener.ts';
import {textIn} from '../../messages/textIn.ts';
import {accountOfHeaders} from '../../worker/accountKey.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import {lineIn} from '../lines.ts';
import {Releases, releaseId} from '../Releases.ts';
import {refuseIfTurnedOff} from '../refuseIfTurnedOff.ts';
import {nameOf} from '../releaseOf.ts';
import {Stages} from './Stages.ts';
import {StageWork} from './StageWork.ts';
import type {Wanted} from './wantedAssets.ts';

/** Answers pages that stage releases. */
export const stageMessages = (worker: WorkerState): Handlers<'HOLDFAST_STAGE' | 'HOLDFAST_LIST_STAGES'> => {
  const releases = worker.part(Releases);
  const jobs = worker.part(Jobs);
  const {works} = worker.part(Stages);
  return {
    HOLDFAST_STAGE: async (payload, event) => {
      const line = await lineIn(releases, payload);
      const [version, asker] = [textIn(payload, 'version'), textIn(payload, 'asker')];
      refuseIfTurnedOff(releases);
      const {manifest, files} = payload;
      const headers = headersIn(payload);
      const account = await accountOfHeaders(worker, event, headers);
      // Two accounts have two stages of a release.
      const id = [releaseId({line, version})].concat(account ?? []).join(' ');
      const wanted: Wanted = {line, version, manifest, files, event, account, headers};
      if (jobs.isRunning(id) && !(await works.get(id)?.isWantedBy(wanted))) {
        throw new Error(`'${version}' of '${nameOf(line)}' is being staged with another manifest.`);
      }
      const work = new StageWork(releases, wanted);
      return jobs.start(id, asker, event, {
        progress: () => work.progress(),
        run: (signal) => {
          works.set(id, work);
          return work.run(signal);
        },
      });
    },
    HOLDFAST_LIST_STAGES: async () => ({stages: [...works.values()].map((work) => work.progress())}),
  };
};
