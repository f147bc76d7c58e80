import {logger} from '../worker/workboxInternals.ts';
import type {Pin} from './pinRequest.ts';

/** Says in a development build why a response of ours was not stored. */
export const explainRefusal = (
  pin: Pin | null | undefined,
  isOneOfSeveral: boolean,
  isMisplaced: boolean | undefined,
): void => {
  if (isMisplaced) {
    logger.error(
      'VersionScopePlugin stores nothing, because a plugin behind it changes the key. Put it last.',
    );
  } else if (isOneOfSeveral) {
    logger.warn('A strategy that fetches several URLs for one request cannot store them in a release.');
  } else if (pin === null) {
    logger.warn(
      'A URL without a version was not stored: its line has no current version. ' +
        'Stage a version and switch to it; or make one current with switchTo(version, {allowEmpty: true}).',
    );
  }
};
