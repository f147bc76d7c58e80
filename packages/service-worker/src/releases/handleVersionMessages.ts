import {answerMessages, clientOf, knownLine, refuseIfTurnedOff, text} from './answerMessages.ts';
import {readCurrentVersions} from './currentVersions.ts';
import {dropCaches} from './dropCaches.ts';
import {listLines} from './listLines.ts';
import type {VersionMessages} from './messages.ts';
import {scopes} from './scopes.ts';
import {finishEvictions, rollBack, switchVersion} from './switchVersion.ts';
import {setTurnedOff} from './turnedOff.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * Lets pages switch versions, ask for them, and list what is stored: see {@link VersionMessages}. Call it
 * once, at the top level of the worker. Every message is answered on `event.ports[0]`; one that is not
 * Holdfast's is left alone.
 */
export const handleVersionMessages = (): void => {
  answerMessages<VersionMessages>({
    HOLDFAST_SWITCH_VERSION: async (payload, event) => {
      const [line, version] = [knownLine(payload), text(payload, 'version')];
      refuseIfTurnedOff();
      const {keep = 1, evictNow = false} = payload;
      if (!(Number.isSafeInteger(keep) && (keep as number) >= 0)) {
        throw new TypeError(`payload.keep must be a whole number from 0 on, but is ${JSON.stringify(keep)}.`);
      }
      const options = {client: clientOf(event), keep: keep as number, evictNow: Boolean(evictNow)};
      return Object.assign({line, version}, await switchVersion(scopes, line, version, options));
    },
    HOLDFAST_ROLLBACK: async (payload, event) => {
      const line = knownLine(payload);
      refuseIfTurnedOff();
      return Object.assign({line}, await rollBack(scopes, line, clientOf(event)));
    },
    HOLDFAST_CURRENT_VERSION: async (payload) => {
      const line = knownLine(payload);
      return {line, version: (await readCurrentVersions()).get(line) ?? null};
    },
    HOLDFAST_LIST_RELEASES: async () => ({lines: await listLines(scopes)}),
    HOLDFAST_TURN_OFF: async () => {
      setTurnedOff(true);
      return {dropped: await dropCaches(scopes)};
    },
    HOLDFAST_TURN_ON: async () => {
      setTurnedOff(false);
      await self.clients.claim();
      return {};
    },
  });
  // A kill in the middle of this is no loss: the next start begins it again.
  finishEvictions(scopes).catch(() => undefined);
};
