import type {Manifest} from '@holdfast/manifest';
import {watchForLeftovers} from '../../downloads/staging.ts';
import {stableKey as builtInStableKey} from '../../keys/index.ts';
import {
  answerMessages,
  clientOf,
  knownLine,
  type Payload,
  refuseIfTurnedOff,
  setReleaseKeeper,
  text,
} from '../staging.ts';
import {after} from './after.ts';
import {createReleaseKeeper} from './createReleaseKeeper.ts';
import type {ReleaseMessages} from './messages.ts';
import {RunningStage} from './RunningStage.ts';
import {type ReadAssets, readAssets} from './readAssets.ts';
import {areSame, stagedRelease} from './records.ts';

/** Options of {@link handleReleaseMessages}. */
export interface ReleaseMessagesOptions {
  /**
   * Makes the keys of a manifest's URLs. If the routes have a `StableKeyPlugin` with options, this has to be
   * `createStableKey()` with the same ones.
   *
   * @default `stableKey` of `@holdfast/stable-key`
   */
  stableKey?: ((url: string) => string) | undefined;
}

/** How long an answer may take. Whoever asks learns by it that the worker is alive. */
const ANSWER_WITHIN_MS = 10_000;

/**
 * How long an event holds the worker for a stage, when the page that has asked does not ask again. Chromium ends a
 * worker whose event takes longer than five minutes.
 */
const HOLD_FOR_MS = 240_000;

/**
 * Lets pages stage releases: see {@link ReleaseMessages}. Call it once, at the top level of the worker, beside
 * `handleVersionMessages()`.
 */
export const handleReleaseMessages = ({stableKey = builtInStableKey}: ReleaseMessagesOptions = {}): void => {
  /** By release: those that are under way, and how the last one of each has ended. */
  const stages = new Map<string, RunningStage>();
  const idOf = (line: string, version: string): string => JSON.stringify([line, version]);

  /** The assets that a message is about. */
  const assetsOf = async (line: string, version: string, payload: Payload): Promise<ReadAssets> => {
    const {manifest, files} = payload;
    if (manifest !== undefined) {
      return readAssets(Object(manifest) as Manifest, Object(files), {line, version, stableKey});
    }
    const known = await stagedRelease(line, version);
    if (!known) {
      throw new Error(`no manifest of '${version}' of '${line}' is known. Stage it with one.`);
    }
    return {assets: known.assets, urls: new Map()};
  };

  /** The stage of a release that a page asks for: one that is under way, one that it has not heard the end of, or a new one. */
  const stageFor = async (
    line: string,
    version: string,
    asker: string,
    payload: Payload,
  ): Promise<RunningStage> => {
    const read = await assetsOf(line, version, payload);
    const id = idOf(line, version);
    const last = stages.get(id);
    if (last?.isRunning && !areSame(last.assets, read.assets)) {
      throw new Error(`'${version}' of '${line}' is being staged with another manifest.`);
    }
    if (last?.isRunning || last?.isAwaitedBy(asker)) {
      return last;
    }
    const stage = new RunningStage(line, version, read);
    stages.set(id, stage);
    return stage;
  };

  setReleaseKeeper(createReleaseKeeper());
  watchForLeftovers();
  answerMessages<ReleaseMessages>({
    HOLDFAST_STAGE: async (payload, event) => {
      const [line, version, asker] = [knownLine(payload), text(payload, 'version'), text(payload, 'asker')];
      refuseIfTurnedOff();
      const stage = await stageFor(line, version, asker, payload);
      event.waitUntil(Promise.race([stage.ended, after(HOLD_FOR_MS)]).catch(() => undefined));
      return stage.join(asker, clientOf(event), ANSWER_WITHIN_MS);
    },
    HOLDFAST_ABORT_STAGE: async (payload) => {
      const id = idOf(knownLine(payload), text(payload, 'version'));
      await stages.get(id)?.leave(text(payload, 'asker'));
      return {};
    },
    HOLDFAST_LIST_STAGES: async () => ({stages: [...stages.values()].map(({snapshot}) => snapshot)}),
  });
};
