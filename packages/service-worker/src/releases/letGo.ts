/**
 * Gives up the copy of a response that was meant for the cache. Left alone, its body would be buffered for as
 * long as the page reads its own. The promise is not awaited: it settles when the page is done.
 * https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee
 */
export const letGo = ({body}: Response): void => {
  body?.cancel().catch(() => undefined);
};
