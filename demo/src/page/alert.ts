import {byId} from './byId.ts';
import {element} from './element.ts';
import {inWords} from './inWords.ts';

/** Shows, at the top of the page, what belongs to no part of it. */
export const showAlert = (error: unknown): void => {
  const alert = byId('alert', HTMLElement);
  alert.append(element('p', {}, inWords(error)));
  alert.hidden = false;
};

/** Lets no error go unseen. */
export const showUnexpectedErrors = (): void => {
  addEventListener('error', ({error, message}) => showAlert(error ?? message));
  addEventListener('unhandledrejection', ({reason}) => showAlert(reason));
};
