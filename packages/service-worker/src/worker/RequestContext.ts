import type {IntegrityFailure, StoreFailure} from './failures.ts';
import type {RequestLog} from './requestLog.ts';

/**
 * What the plugins and the strategy of one event know of each other's work. Workbox gives each plugin a state of its
 * own; this is what they share.
 */
export interface RequestContext {
  /** Whether all requests for one file read one download, so that none has to wait for another. */
  sharesDownloads?: boolean | undefined;
  /**
   * Returns the name of the cache that the asset belongs in; `undefined` where it must not be stored, by now. Absent
   * where the asset belongs in the strategy's own cache.
   */
  home?: (() => string | undefined) | undefined;
  /** The release that the asset belongs to. */
  release?: {readonly line: string; readonly version: string} | undefined;
  /** Makes the cache of that name, for what is stored elsewhere until it is complete. */
  makeHome?: (() => Promise<unknown>) | undefined;
  /** The body of a file that stays in pieces: plugins check it, and nobody stores it. */
  keptInPieces?: unknown;
  /** What became of the response that a plugin stored by itself. */
  outcome?: 'stored' | StoreFailure | undefined;
  /** What the console says of the request: in a development build. */
  log?: RequestLog | undefined;
  /** Whether the route says that its answers may be HTML. */
  isHtml?: boolean | undefined;
  /** The credential of the request that a strategy handles; empty for none. It is for memory only. */
  credential?: string | undefined;
  /** The account of the name that the client has signed in by. */
  account?: string | undefined;
  /** Whether the answer of the host is known to be for everybody, unless the request has a credential. */
  isPublic?: boolean | undefined;
  /** Whether the route stores what its host says not to store. */
  ignoresNoStore?: boolean | undefined;
  /** The responses that were found to be what was asked for. */
  admitted?: WeakSet<Response> | undefined;
  /** The opaque responses that may be stored. */
  readonly allowedOpaque: WeakSet<Response>;
  /** The responses whose bytes turned out to be wrong. */
  readonly integrityFailures: WeakMap<Response, IntegrityFailure>;
}

export const createRequestContext = (): RequestContext => ({
  allowedOpaque: new WeakSet(),
  integrityFailures: new WeakMap(),
});

/** Returns the request as the page made it. An event of another kind, such as `install`, has none. */
export const pageRequest = (event: ExtendableEvent): Request | undefined => (event as FetchEvent).request;

/** Returns the id of the page or worker that a request or a message comes from; an empty string for none. */
export const clientOf = (event: ExtendableEvent): string =>
  (event as FetchEvent).clientId || ((event as ExtendableMessageEvent).source as Client | null)?.id || '';
