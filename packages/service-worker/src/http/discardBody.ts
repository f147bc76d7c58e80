/**
 * Cancels the body of a response that is not read. Left alone, one copy of a body is buffered for as long as the other
 * is read. The promise is not awaited: it settles when both copies are done with.
 * https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee
 */
export const discardBody = ({body}: Response): void => {
  body?.cancel().catch(() => undefined);
};
