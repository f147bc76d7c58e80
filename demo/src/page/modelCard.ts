import {StageError} from '@holdfast/window';
import {byId} from './byId.ts';
import {nameOf, type Release} from './content.ts';
import {fileName} from './format.ts';
import {recallAction, resumable} from './interruptedAction.ts';
import type {LoadHistory} from './LoadHistory.ts';
import {messageOf} from './messageOf.ts';
import type {OnnxRuntime} from './OnnxRuntime.ts';
import {RELEASE_ACTIONS} from './releaseActions.ts';
import {chooseRelease, chosenIndex} from './releaseChoices.ts';
import {submitsOneAtATime} from './submitsOneAtATime.ts';

export interface ModelCard {
  releases: readonly Release[];
  bucketUrl: string;
  runtime: OnnxRuntime;
  history: LoadHistory;
  /** Shows the state of an action. */
  say: (sentence: string) => void;
}

/** Actions that a reloaded page may repeat. A second rollback would undo the first. */
const REPEATABLE: readonly string[] = ['use', 'stage', 'check'];

/** Returns why an action failed. A file's name is enough here, without its URL. */
const explain = (error: unknown, release: Release): string => {
  if (!(error instanceof StageError)) {
    return `${nameOf(release)}: ${messageOf(error)}`;
  }
  const message = error.failures.reduce((text, {key}) => text.replace(key, fileName(key)), error.message);
  return `${message} What is stored stays: try again.`;
};

/** Resumes the action that a reload interrupted. */
const resume = (form: HTMLFormElement): void => {
  const interrupted = recallAction();
  const button = form.querySelector<HTMLButtonElement>(`button[value="${interrupted?.action}"]`);
  if (interrupted && button) {
    chooseRelease(interrupted.release);
    form.requestSubmit(button);
  }
};

/** Sets up the card with the release picker. */
export const setUpModelCard = (card: ModelCard): void => {
  const form = byId('release-form', HTMLFormElement);
  submitsOneAtATime(form, async ({value}) => {
    const index = chosenIndex();
    const release = card.releases[index];
    const action = RELEASE_ACTIONS[value];
    if (release && action) {
      const run = () => action(release, card);
      const outcome = REPEATABLE.includes(value) ? resumable({release: index, action: value}, run) : run();
      card.say(await outcome.catch((error) => explain(error, release)));
    }
  });
  byId('load', HTMLButtonElement).disabled = false;
  resume(form);
};
