import {persist} from '@holdfast/window';
import {byId} from './byId.ts';
import {messageOf} from './messageOf.ts';

const PERSISTED = 'Granted: the browser keeps what is stored here, even when the disk is full.';

const NOT_PERSISTED =
  'Denied for now: the browser may delete what is stored when the disk is full. Browsers tend to grant this to sites ' +
  'that are used often, bookmarked or installed.';

const say = (sentence: string): void => {
  byId('persist-status', HTMLElement).textContent = sentence;
};

/** Shows the browser's answer, if there is one. */
export const showPersisted = (isPersisted: boolean | undefined): void => {
  if (isPersisted !== undefined) {
    say(isPersisted ? PERSISTED : NOT_PERSISTED);
  }
};

/** Sets up the button that requests persistent storage. */
export const setUpPersistButton = async (): Promise<void> => {
  byId('persist', HTMLButtonElement).addEventListener('click', async () => {
    await persist().then(showPersisted, (error) => say(messageOf(error)));
  });
  if (await navigator.storage?.persisted?.()) {
    say(PERSISTED);
  }
};
