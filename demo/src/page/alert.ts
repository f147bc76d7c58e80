import {byId} from './byId.ts';
import {element} from './element.ts';
import {messageOf} from './messageOf.ts';

/** Shows an error that belongs to no card, at the top of the page. */
export const showAlert = (error: unknown): void => {
  const alert = byId('alert', HTMLElement);
  alert.append(element('p', {}, messageOf(error)));
  alert.hidden = false;
};

/** Shows every error that no other code handles. */
export const showUnexpectedErrors = (): void => {
  addEventListener('error', ({error, message}) => showAlert(error ?? message));
  addEventListener('unhandledrejection', ({reason}) => showAlert(reason));
};
