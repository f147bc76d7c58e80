import {isTurnedOff} from './turnedOff.ts';

/** Returns whether a worker controls the page and was not turned off. */
export const hasWorker = (): boolean => Boolean(navigator.serviceWorker?.controller) && !isTurnedOff();
