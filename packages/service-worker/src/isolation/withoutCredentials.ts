/**
 * The same request without cookies.
 *
 * A request that is made anew from another with an option loses the referrer, unless it is given again:
 * https://fetch.spec.whatwg.org/#dom-request
 */
export const withoutCredentials = (request: Request): Request => {
  const {referrer, referrerPolicy} = request;
  return new Request(request, {credentials: 'omit', referrer, referrerPolicy});
};
