import {byId} from './byId.ts';
import {hasWorker} from './hasWorker.ts';

/** What a download is at. */
export type DownloadPhase = 'idle' | 'running' | 'paused';

const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement);

/** Those that make sense, the first of them most of all. */
const sensible = (phase: DownloadPhase, isStored: boolean): string[] => {
  switch (phase) {
    case 'idle':
      return [...(hasWorker() ? ['large-download'] : []), ...(isStored ? ['large-delete'] : [])];
    case 'running':
      return ['large-pause', 'large-give-up'];
    case 'paused':
      return ['large-resume', 'large-give-up'];
  }
};

const ALL = ['large-download', 'large-pause', 'large-resume', 'large-give-up', 'large-delete'];

/** Lets those buttons be pressed that make sense. The focus goes from one that does not to the first that does. */
export const markLargeFileButtons = (phase: DownloadPhase, isStored: boolean): void => {
  const enabled = sensible(phase, isStored);
  for (const id of enabled) {
    button(id).disabled = false;
  }
  const focused = ALL.find((id) => button(id) === document.activeElement);
  if (focused && !enabled.includes(focused)) {
    button(enabled[0] ?? focused).focus();
  }
  for (const id of ALL) {
    button(id).disabled = !enabled.includes(id);
  }
};
