import type {CachedResponseWillBeUsedCallbackParam} from 'workbox-core/types.js';
import {credentialOf, isSignature} from '../http/credentials.ts';
import {accountIn, accountOf, partitionKey, publicKey, withoutMark} from '../http/partition.ts';
import {pageRequest} from './RequestContext.ts';
import type {WorkerState} from './WorkerState.ts';

/**
 * What a key needs of a request: its ranges, to be answered from the stored file, and what hosts name in `Vary` of their
 * files. Any other header may be a credential, under a name that no list has.
 */
const OF_KEYS = /^(?:accept(?:-.*)?|if-range|range)$/;

/** Returns the headers of a request that its key has. */
export const headersOfKey = (request: Request): Headers => {
  const headers = new Headers();
  request.headers.forEach((value, name) => {
    if (OF_KEYS.test(name)) {
      headers.set(name, value);
    }
  });
  return headers;
};

/**
 * Returns a key in the partition of an account, or in none.
 *
 * @param former another account whose mark an earlier plugin may have given it.
 */
export const keyed = (key: Request, account: string | undefined, former = account): Request => {
  const {url} = key;
  const marked = accountIn(url);
  const isOurs = marked && (marked === account || marked === former);
  const wanted = partitionKey(withoutMark(isOurs ? publicKey(url) : url), account);
  // An answer to a HEAD is no file.
  return wanted === url || key.method !== 'GET' ? key : new Request(wanted, {headers: headersOfKey(key)});
};

/** Returns the credential of a request, or of the page's, which a key has lost. */
export const credentialFor = (event: ExtendableEvent, request: Request): string =>
  credentialOf(request) || credentialOf(pageRequest(event));

/** Returns a key in the partition of a credential, if there is one. Without, it costs no other turn. */
export const credentialKey = (key: Request, credential: string): Request | Promise<Request> =>
  credential ? accountOf(credential).then((account) => keyed(key, account)) : keyed(key, undefined);

/**
 * Returns the key of a request in the partition of its account: of what was fetched with a credential, nobody else may
 * get anything. Several plugins of a route ask, and may change the key in between; the last one has the say.
 */
export const accountKey = (
  worker: WorkerState,
  event: ExtendableEvent,
  key: Request,
  mode: string,
): Request | Promise<Request> => {
  const credential = worker.contextOf(event).credential || credentialFor(event, key);
  return worker.accounts?.keyOf(event, key, mode, credential) ?? credentialKey(key, credential);
};

/**
 * Returns the account that headers of a message show a host: by its name, where the client has one.
 *
 * @returns `undefined` where there are no headers.
 * @throws TypeError for headers in which there is no credential that lasts.
 */
export const accountOfHeaders = async (
  worker: WorkerState,
  event: ExtendableEvent,
  headers: Headers | undefined,
): Promise<string | undefined> => {
  if (!headers) {
    return undefined;
  }
  const credential = credentialOf({headers});
  if (!credential || isSignature(credential)) {
    throw new TypeError(
      'payload.headers must have a credential that lasts, such as authorization: Bearer ….',
    );
  }
  const probe = new Request(location.href);
  const key = worker.accounts?.keyOf(event, probe, 'read', credential) ?? credentialKey(probe, credential);
  return accountIn((await key).url);
};

/** Returns what is stored of an asset for everybody, where its account has nothing of its own. Never the other way round. */
export const publicEntry = async ({
  request,
  cacheName,
  matchOptions,
  cachedResponse,
}: CachedResponseWillBeUsedCallbackParam): Promise<Response | undefined> => {
  const key = publicKey(request.url);
  return cachedResponse || key === request.url
    ? cachedResponse
    : caches
        .match(new Request(key, {headers: request.headers}), Object.assign({}, matchOptions, {cacheName}))
        .catch(() => undefined);
};
