import {persist} from '@holdfast/window';
import {byId} from './byId.ts';
import {inWords} from './inWords.ts';

const KEPT = 'The browser keeps what is stored here, also when the disk gets full.';

const NOT_KEPT =
  'The browser said no, for now: it may delete what is stored when the disk gets full. Browsers tend to say yes for ' +
  'sites that are used often, bookmarked or installed.';

const say = (sentence: string): void => {
  byId('persist-status', HTMLElement).textContent = sentence;
};

/** Says what the browser has answered, if it has. */
export const showPersisted = (isPersisted: boolean | undefined): void => {
  if (isPersisted !== undefined) {
    say(isPersisted ? KEPT : NOT_KEPT);
  }
};

/** Sets up the button that asks for persistent storage. */
export const setUpPersistButton = async (): Promise<void> => {
  byId('persist', HTMLButtonElement).addEventListener('click', async () => {
    await persist().then(showPersisted, (error) => say(inWords(error)));
  });
  if (await navigator.storage?.persisted?.()) {
    say(KEPT);
  }
};
