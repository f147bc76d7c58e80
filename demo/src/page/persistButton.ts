import {persist} from '@holdfast/window';
import {byId} from './byId.ts';
import {inWords} from './inWords.ts';

const KEPT = 'The browser keeps what is stored here, also when the disk gets full.';

const ask = async (): Promise<string> =>
  (await persist())
    ? KEPT
    : 'The browser said no, for now: it may delete what is stored when the disk gets full. Browsers tend to say ' +
      'yes for sites that are used often, bookmarked or installed.';

/** Sets up the button that asks for persistent storage. */
export const setUpPersistButton = async (): Promise<void> => {
  const status = byId('persist-status', HTMLElement);
  byId('persist', HTMLButtonElement).addEventListener('click', async () => {
    status.textContent = await ask().catch(inWords);
  });
  if (await navigator.storage?.persisted?.()) {
    status.textContent = KEPT;
  }
};
