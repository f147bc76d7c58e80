import type {Handlers} from '../messages/MessageListener.ts';
import {textIn} from '../messages/textIn.ts';
import {clientOf} from '../worker/RequestContext.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {readCurrentVersions} from './CurrentVersions.ts';
import {dropCaches} from './dropCaches.ts';
import {lineIn} from './lines.ts';
import {Releases} from './Releases.ts';
import {refuseIfTurnedOff} from './refuseIfTurnedOff.ts';
import {nameOf} from './releaseOf.ts';
import {rollBack, switchVersion} from './switchVersion.ts';

declare const self: ServiceWorkerGlobalScope;

/** Answers pages that switch versions, ask for the current one, and turn everything off and on again. */
export const versionMessages = (
  worker: WorkerState,
): Handlers<
  | 'HOLDFAST_SWITCH_VERSION'
  | 'HOLDFAST_ROLLBACK'
  | 'HOLDFAST_CURRENT_VERSION'
  | 'HOLDFAST_TURN_OFF'
  | 'HOLDFAST_TURN_ON'
> => {
  const releases = worker.part(Releases);
  return {
    HOLDFAST_SWITCH_VERSION: async (payload, event) => {
      const [line, version] = [await lineIn(releases, payload), textIn(payload, 'version')];
      refuseIfTurnedOff(releases);
      const {keep = 1, evictNow = false, allowEmpty = false} = payload;
      if (!(Number.isSafeInteger(keep) && (keep as number) >= 0)) {
        throw new TypeError(
          `payload.keep must be a whole number from 0 on, but got ${JSON.stringify(keep)}.`,
        );
      }
      const options = {
        client: clientOf(event),
        keep: keep as number,
        evictNow: Boolean(evictNow),
        allowEmpty: Boolean(allowEmpty),
      };
      return Object.assign(
        {line: nameOf(line), version},
        await switchVersion(releases, line, version, options),
      );
    },
    HOLDFAST_ROLLBACK: async (payload, event) => {
      const line = await lineIn(releases, payload);
      refuseIfTurnedOff(releases);
      return Object.assign({line: nameOf(line)}, await rollBack(releases, line, clientOf(event)));
    },
    HOLDFAST_CURRENT_VERSION: async (payload) => {
      const line = await lineIn(releases, payload);
      return {line: nameOf(line), version: (await readCurrentVersions()).get(line) ?? null};
    },
    HOLDFAST_TURN_OFF: async () => {
      releases.isTurnedOff = true;
      return {dropped: await dropCaches(releases)};
    },
    HOLDFAST_TURN_ON: async () => {
      releases.isTurnedOff = false;
      await self.clients.claim();
      return {};
    },
  };
};
