import type {Releases} from './Releases.ts';

/** @throws Error where everything was turned off. */
export const refuseIfTurnedOff = ({isTurnedOff}: Releases): void => {
  if (isTurnedOff) {
    throw new Error('this worker was turned off. Reload the page, or register the worker again.');
  }
};
