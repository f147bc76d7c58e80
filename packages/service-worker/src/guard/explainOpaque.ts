import {logger} from '../worker/workboxInternals.ts';

/** Logs, in a development build, why an opaque response was not stored, and what to do. */
export const explainOpaque = (key: string): void => {
  logger.groupCollapsed(`'${key}' was not stored: its response is opaque.`);
  logger.log(
    'The response to a no-cors request hides its size. So that a page cannot learn it from the quota, the browser adds ' +
      'random padding to each entry: up to 14.8 MB in Chromium, 7.4 MB on average.',
  );
  logger.log(
    "If the host answers CORS, add `crossorigin` to the element, or the host to the guard's option `corsHosts`. " +
      'If it does not, and the entry is worth that much, allow a few with the option `opaque`.',
  );
  logger.groupEnd();
};
