import {byId} from './byId.ts';
import {hasWorker} from './hasWorker.ts';

/** The state of the large file's download. */
export type DownloadPhase = 'idle' | 'running' | 'paused';

const button = (id: string): HTMLButtonElement => byId(id, HTMLButtonElement);

/** Returns the buttons that do something now, the most important one first. */
const usable = (phase: DownloadPhase, isStored: boolean): string[] => {
  switch (phase) {
    case 'idle':
      return [...(hasWorker() ? ['large-download'] : []), ...(isStored ? ['large-delete'] : [])];
    case 'running':
      return ['large-pause', 'large-abort'];
    case 'paused':
      return ['large-resume', 'large-abort'];
  }
};

const ALL = ['large-download', 'large-pause', 'large-resume', 'large-abort', 'large-delete'];

/** Enables the buttons that do something now. The focus moves from a disabled one to the first of them. */
export const markLargeFileButtons = (phase: DownloadPhase, isStored: boolean): void => {
  const enabled = usable(phase, isStored);
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
