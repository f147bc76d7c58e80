/**
 * Gives up a response that nobody will read. Left alone, a copy's body would be buffered for as long as the page reads
 * its own. https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee
 */
export const letGo = ({body}: Response): void => {
  body?.cancel().catch(() => undefined);
};
