import type {AssetFailure, FailureReason} from '@holdfast/service-worker/messages';

const TEXTS: Record<FailureReason, string> = {
  unreachable: 'its host cannot be reached, or does not allow this site to read it',
  status: 'its host answered with something other than the file',
  'too-long': 'it is longer than the manifest says',
  'too-short': 'it is shorter than the manifest says',
  'wrong-digest': 'its bytes are not those of the manifest',
  'integrity-failed': 'its size or digest is not the expected one',
  opaque: 'it is stored as an opaque response, which cannot be read',
  unreadable: 'it cannot be read from the disk',
  'cannot-digest': 'the browser cannot compute its digest',
  'body-incomplete': 'the connection broke before its last byte',
  'quota-exceeded': 'the browser has no room for it',
  'storage-failed': 'the browser could not store it',
  'release-evicted': 'its release was deleted in the meantime',
  'not-current': 'its URL has no version, and another release has become current',
  'kept-as-file': 'it is kept in the origin private file system',
  'redirected-code': 'it is code that was redirected to another folder',
  'turned-off': 'the worker was turned off',
  'no-store': 'its host forbids to store it (Cache-Control: no-store, or Vary: *)',
  private: "it is one account's alone, and nothing tells which one's: call signIn(name)",
  'signed-out': 'its account was signed out of in the meantime',
  'over-budget': 'a budget has no room for it, and nothing may go in its place',
  refused: 'a plugin of its route refused to store it',
  html: 'it is HTML, and its URL does not say so',
  'wrong-type': 'its media type does not fit its name',
  empty: 'it is empty',
  redirected: 'it was redirected to another page, such as one for signing in',
  endless: 'it is a stream that may have no end',
};

/** Returns why a file was not stored, as a clause that follows the file's name. */
export const failureText = ({reason, status}: Pick<AssetFailure, 'reason' | 'status'>): string =>
  status ? `its host answered with ${status}` : TEXTS[reason];
