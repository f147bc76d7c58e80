import {checkedBody, type OnFailure} from './checkedBody.ts';
import type {Expected} from './expectations.ts';
import {keepsItsUrl, readAhead} from './readAhead.ts';
import {withBody} from './withBody.ts';

/** Tells `VersionScopePlugin` why a put has failed. A symbol, because the two plugins share no code. */
const INTEGRITY_FAILED = Symbol.for('holdfast.integrity-failed');

/**
 * A response to put into a cache, with the status 200. The put fails unless the bytes are right, leaves no entry, and
 * an older one in place. https://w3c.github.io/ServiceWorker/#cache-put
 *
 * @param request as the page made it.
 * @returns null where it is known already that they are wrong.
 */
export const whileStoring = async (
  request: Request,
  response: Response,
  expected: Expected,
  onFailure: OnFailure,
): Promise<Response | null> => {
  if (keepsItsUrl(request, response)) {
    // A body that breaks off fails its own put.
    const read = await readAhead(response, expected, onFailure).catch(() => response);
    return read ?? null;
  }
  const checked: Response = withBody(
    response,
    checkedBody(response, expected, (failure) => {
      Object.assign(checked, {[INTEGRITY_FAILED]: true});
      onFailure(failure);
    }),
  );
  return checked;
};
