import {byId} from './byId.ts';
import type {Release} from './content.ts';
import {hasWorker} from './hasWorker.ts';
import {chosenIndex} from './releaseChoices.ts';
import {isComplete, type StoredLines, storedLine} from './storedRelease.ts';

/** A focused button passes its focus on: otherwise, keyboard users start at the top of the page again. */
const setDisabled = (id: string, isDisabled: boolean): void => {
  const button = byId(id, HTMLButtonElement);
  if (isDisabled && document.activeElement === button) {
    byId('load', HTMLButtonElement).focus();
  }
  button.disabled = isDisabled;
};

/** Enables the buttons that do something for the chosen release. */
export const markReleaseActions = (releases: readonly Release[], stored: StoredLines): void => {
  const release = releases[chosenIndex()];
  const isStored = Boolean(release && isComplete(stored, release));
  const previous =
    release && storedLine(stored, release)?.releases.find(({state}) => state === 'previous')?.version;
  setDisabled('stage', isStored || !hasWorker());
  setDisabled('check', !isStored);
  setDisabled('damage', !isStored);
  setDisabled('roll-back', previous === undefined);
  byId('roll-back', HTMLButtonElement).textContent = previous ? `Roll back to ${previous}` : 'Roll back';
};
