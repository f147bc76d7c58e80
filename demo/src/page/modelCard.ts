import {byId} from './byId.ts';
import {lineOf, nameOf, type Release, sizeOf} from './content.ts';
import {formatBytes, formatSeconds} from './format.ts';
import {inWords} from './inWords.ts';
import {type LoadHistory, sourceOf} from './LoadHistory.ts';
import {showLoadProgress} from './loadProgress.ts';
import {loadRelease} from './loadRelease.ts';
import {makeCurrent} from './makeCurrent.ts';
import type {OnnxRuntime} from './OnnxRuntime.ts';
import {chosenRelease} from './releaseChoices.ts';
import {runModel} from './runModel.ts';
import {hideModelResult, showModelResult} from './showModelResult.ts';
import {submitsOneAtATime} from './submitsOneAtATime.ts';

export interface ModelCard {
  releases: readonly Release[];
  bucketUrl: string;
  runtime: OnnxRuntime;
  history: LoadHistory;
}

const say = (sentence: string): void => {
  byId('load-status', HTMLElement).textContent = sentence;
};

/**
 * Loads a release beside the one that is current, makes it the current one when it is whole, and runs its model.
 * In this order a load that fails costs nothing: the old release is still there.
 */
const useRelease = async (release: Release, {bucketUrl, runtime, history}: ModelCard): Promise<void> => {
  const {version, model} = release;
  const line = lineOf(release);
  const name = nameOf(release);
  hideModelResult();

  say(`Loading ${name} …`);
  const onProgress = showLoadProgress(release);
  const {result, noted} = await history.record(name, {line, version}, () =>
    loadRelease(release, bucketUrl, onProgress),
  );
  const done = `Loaded ${name}: ${formatBytes(sizeOf(release))} in ${formatSeconds(noted.seconds)}, ${sourceOf(noted).text}.`;
  await makeCurrent(line, version);

  say(`${done} Starting the model …`);
  const {ort, session} = await runtime.open(result.model);
  showModelResult(release, await runModel(ort, session, model));
  await session.release();
  say(`${done} The model ran.`);
};

/** Sets up the card with the release picker. */
export const setUpModelCard = (card: ModelCard): void => {
  submitsOneAtATime(byId('release-form', HTMLFormElement), byId('load', HTMLButtonElement), async () => {
    const release = chosenRelease(card.releases);
    if (!release) {
      return;
    }
    await useRelease(release, card).catch((error: unknown) => {
      say(`${nameOf(release)} did not work. ${inWords(error)}`);
    });
  });
};
