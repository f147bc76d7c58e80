import type {CachedResponseWillBeUsedCallbackParam} from 'workbox-core/types.js';
import {clientOf, pageRequest} from '../../worker/RequestContext.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import {credentialOf, isSignature} from './credentials.ts';
import {accountIn, accountOf, partitionKey, publicKey, withoutMark} from './partition.ts';

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

/** @param own the accounts whose mark the key may have already. */
const keyed = (key: Request, account: string | undefined, own: readonly unknown[]): Request => {
  const {url} = key;
  const marked = accountIn(url);
  const bare = withoutMark(marked && own.includes(marked) ? publicKey(url) : url);
  const wanted = partitionKey(bare, account);
  return wanted === url ? key : new Request(wanted, {headers: headersOfKey(key)});
};

/** Returns the credential of a request, or of the page's, which a key has lost. */
export const credentialFor = (event: ExtendableEvent, request: Request): string => {
  const page = pageRequest(event);
  return credentialOf(request) || (page && page !== request ? credentialOf(page) : '');
};

/** Returns a key in the partition of a credential, if there is one. */
export const credentialKey = (key: Request, credential: string): Request | Promise<Request> =>
  credential
    ? accountOf(credential).then((account) => keyed(key, account, [account]))
    : keyed(key, undefined, []);

/**
 * Returns the key of a request in the partition of its account: of what was fetched with a credential, nobody else may
 * get anything. Several plugins of a route ask, and may change the key in between; the last one has the say.
 *
 * A request without a credential gets its key back as it is, and costs no other turn.
 *
 * @param credential of the request.
 */
export const accountKey = (
  worker: WorkerState,
  event: ExtendableEvent,
  key: Request,
  mode: string,
  credential: string = credentialFor(event, key),
): Request | Promise<Request> => {
  // An answer to a HEAD is no file.
  if (key.method !== 'GET') {
    return key;
  }
  const {accounts} = worker;
  if (!(credential || accounts)) {
    return keyed(key, undefined, []);
  }
  const find = async (): Promise<Request> => {
    const context = worker.contextOf(event);
    if (context.credential !== credential) {
      const byCredential = credential ? await accountOf(credential) : undefined;
      // Each signature is an account of its own, which nothing is stored for, and nobody signs out of.
      const known = isSignature(credential) ? undefined : byCredential;
      context.account = (await accounts?.accountOf(event, clientOf(event), known)) ?? byCredential;
      context.byCredential = byCredential;
      context.credential = credential;
    }
    const {account, byCredential, isPublic} = context;
    // A name tells whose the cookies are. What an answer does not call private is everybody's all the same.
    const isShared = mode === 'write' && !credential && isPublic;
    return keyed(key, isShared ? undefined : account, [account, byCredential]);
  };
  return find();
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
