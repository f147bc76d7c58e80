import {byId} from './byId.ts';
import type {Release} from './content.ts';
import {hasWorker} from './hasWorker.ts';
import {chosenIndex} from './releaseChoices.ts';
import {isWhole, type StoredLines, storedLine} from './storedRelease.ts';

/** Without the button that has the focus, the keyboard would begin at the top of the page again. */
const setDisabled = (id: string, isDisabled: boolean): void => {
  const button = byId(id, HTMLButtonElement);
  if (isDisabled && document.activeElement === button) {
    byId('load', HTMLButtonElement).focus();
  }
  button.disabled = isDisabled;
};

/** Lets those buttons be pressed that have something to do for the chosen release. */
export const markReleaseActions = (releases: readonly Release[], stored: StoredLines): void => {
  const release = releases[chosenIndex()];
  const isThere = Boolean(release && isWhole(stored, release));
  const previous =
    release && storedLine(stored, release)?.releases.find(({state}) => state === 'previous')?.version;
  setDisabled('download', isThere || !hasWorker());
  setDisabled('check', !isThere);
  setDisabled('damage', !isThere);
  setDisabled('roll-back', previous === undefined);
  byId('roll-back', HTMLButtonElement).textContent = previous ? `Roll back to ${previous}` : 'Roll back';
};
