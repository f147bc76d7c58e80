import {isTurnedOff} from './turnedOff.ts';

/** Whether a worker is in control of the page, and is wanted. */
export const hasWorker = (): boolean => Boolean(navigator.serviceWorker?.controller) && !isTurnedOff();
