import {storeFailure} from '../guard/storeFailure.ts';
import {discardBody} from '../http/discardBody.ts';
import {isRedirectedCode} from '../http/isRedirectedCode.ts';
import {Channel} from '../messages/Channel.ts';
import type {StoreFailure} from '../messages/protocol.ts';
import {pageRequest, type RequestContext} from '../worker/RequestContext.ts';
import {type ClientPin, outdated} from './pinRequest.ts';
import type {Checked, Releases} from './Releases.ts';
import {readThrough} from './readThrough.ts';
import {store} from './store.ts';

/** A response that the plugins of a strategy let through. */
export interface Storable {
  request: Request;
  response: Response;
  event: ExtendableEvent;
  context: RequestContext;
  /** Called when bytes of a large body arrive. */
  onBytes?: (() => void) | undefined;
}

/** Returns the response with the checks of its release's manifest, or why it must not be stored. */
const checked = async (
  releases: Releases,
  pin: ClientPin,
  {response, context}: Storable,
): Promise<Checked | StoreFailure> => {
  const listed = releases.staged && (await releases.staged.checked(pin, response));
  if (listed) {
    return listed;
  }
  if (pin.isMoving && (await releases.currentVersions.get()).versions.get(pin.line) !== pin.version) {
    return 'not-current';
  }
  return {response, failure: () => context.integrityFailures.get(response)};
};

/**
 * Stores an asset in its release. It never rejects: what goes wrong in storing is not the page's concern.
 *
 * @returns what was stored, without its body; `undefined` for a file that stays in pieces; or why nothing was.
 */
export const storeAsset = async (
  releases: Releases,
  pin: ClientPin,
  asset: Storable,
): Promise<Response | StoreFailure | undefined> => {
  const {key, cacheName} = pin;
  const {request, response, event, context} = asset;
  const refuse = (reason: StoreFailure): StoreFailure => {
    discardBody(response);
    releases.worker.part(Channel).report({type: 'ASSET_NOT_STORED', payload: {key, cacheName, reason}});
    return reason;
  };
  if (isRedirectedCode(pageRequest(event) || request, response)) {
    return refuse('redirected-code');
  }
  try {
    const right = await checked(releases, pin, asset);
    if (typeof right === 'string') {
      return refuse(right);
    }
    if (context.keptInPieces) {
      await releases.record(pin);
      const broken = outdated(releases, pin) || (await readThrough(right.response, context.keptInPieces));
      const reason = broken && right.failure() ? 'integrity-failed' : broken || outdated(releases, pin);
      return reason && refuse(reason);
    }
    return await store(releases, pin, Object.assign(right, {onBytes: asset.onBytes}));
  } catch (error) {
    return refuse(storeFailure(error));
  }
};
