import type {Digest} from '@holdfast/manifest';

/**
 * Why the bytes of an asset do not count as verified.
 *
 * - `too-long`: there are more than expected. `got.size` counts those that were read until then.
 * - `too-short`: there are fewer.
 * - `wrong-digest`: they are others.
 * - `opaque`: they were asked for without CORS, and nothing may read them.
 * - `status`: they are neither a complete file nor an error: a part of one (206), say.
 * - `unreadable`: they are stored, and cannot be read any more.
 * - `cannot-digest`: the browser made no digest of them.
 */
export type IntegrityReason =
  | 'too-long'
  | 'too-short'
  | 'wrong-digest'
  | 'opaque'
  | 'status'
  | 'unreadable'
  | 'cannot-digest';

/** What the bytes of an asset must be. */
export interface Expected {
  /** Bytes of the body as a page reads it, so after any `Content-Encoding` is undone. */
  readonly size?: number | undefined;
  /** Digests by one algorithm, of which one has to match. */
  readonly digests?: readonly Digest[] | undefined;
}

/** What was expected, and what was found, as far as it was read. */
export interface IntegrityFailure {
  reason: IntegrityReason;
  expected: Expected;
  got: {size?: number | undefined; digest?: Digest | undefined};
}

/**
 * Why an answer with the status 200 is not what was asked for, so that it is not stored.
 *
 * - `html`: it is HTML, and neither the URL nor the route says so: the page of a single-page app, of a challenge, or of
 *   an error.
 * - `wrong-type`: its media type cannot be right for the name in the URL, or for the destination of the request: JSON
 *   for a `.wasm`, say.
 * - `empty`: it has no bytes.
 * - `redirected`: a redirect has led to another page, such as one for signing in.
 * - `endless`: it is a stream that may have no end.
 */
export type Mismatch = 'html' | 'wrong-type' | 'empty' | 'redirected' | 'endless';

/**
 * Why a response was not let into the cache: it is not the asset ({@link Mismatch}), or one of these.
 *
 * - `opaque`: its size is hidden, and no allowance is left for it, or none was given.
 * - `status`: not 200. A part of a file (206) counts as such, too.
 * - `method`: the request is not a GET.
 * - `no-room`: it is larger than the room that the browser reports.
 * - `no-store`: its host forbids it, with `Cache-Control: no-store`.
 * - `private`: it is one account's alone, and nothing tells which one's.
 */
export type Refusal = 'opaque' | 'status' | 'method' | 'no-room' | 'no-store' | 'private' | Mismatch;

/**
 * Why an asset that reached the page is not in the cache: it is not the asset ({@link Mismatch}), or one of these.
 *
 * - `quota-exceeded`: the browser has no room for it.
 * - `body-incomplete`: the connection broke before the last byte.
 * - `integrity-failed`: its size or its digest is not the expected one.
 * - `release-evicted`: its release was deleted while it was being downloaded.
 * - `not-current`: its URL has no version, and the page uses a release that is not current any more. What the server has
 *   there by now may belong to another one.
 * - `kept-as-file`: it is in the origin private file system.
 * - `redirected-code`: a script or style sheet was redirected to another folder, on which its imports depend.
 * - `turned-off`: everything was turned off.
 * - `no-store`: its host forbids it, with `Cache-Control: no-store` or `Vary: *`.
 * - `private`: it is one account's alone, and nothing tells which one's.
 * - `signed-out`: its account was signed out of while it was being downloaded.
 * - `over-budget`: a budget has no room for it, and nothing may go in its place.
 * - `refused`: a plugin did not let it in.
 * - `storage-failed`: the browser's storage refused it for another reason.
 */
export type StoreFailure =
  | 'quota-exceeded'
  | 'body-incomplete'
  | 'integrity-failed'
  | 'release-evicted'
  | 'not-current'
  | 'kept-as-file'
  | 'redirected-code'
  | 'turned-off'
  | 'no-store'
  | 'private'
  | 'signed-out'
  | 'over-budget'
  | 'refused'
  | 'storage-failed'
  | Mismatch;

/** Why something is not stored. `unreachable`: the network has no answer, or the host allows no CORS. */
export type Reason = IntegrityReason | StoreFailure | Refusal | 'unreachable';
