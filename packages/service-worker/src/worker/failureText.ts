import {shownUrl} from '../http/shownUrl.ts';
import type {Reason} from './failures.ts';

const TEXTS: Readonly<Record<Reason, string>> = {
  unreachable: 'its host cannot be reached, or does not allow this site to read it',
  status: 'its host answered with something other than the file',
  'too-long': 'it is longer than the manifest says',
  'too-short': 'it is shorter than the manifest says',
  'wrong-digest': 'its bytes are not those of the manifest',
  'integrity-failed': 'its size or digest is not the expected one',
  opaque: 'its response is opaque, which nothing can read',
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
  method: 'it was not requested with GET',
  'no-room': 'it is larger than the room that the browser has left',
};

/** What to do about each. */
const ADVICE: Readonly<Record<Reason, string>> = {
  unreachable:
    'Open the URL in a tab. If it loads there, have its host send Access-Control-Allow-Origin; otherwise try again later.',
  status: 'Check the URL and the rights of the user: only complete answers with the status 200 are stored.',
  'too-long': 'Publish the file of the manifest again, or make the manifest anew: npx holdfast manifest.',
  'too-short': 'Publish the file of the manifest again, or make the manifest anew: npx holdfast manifest.',
  'wrong-digest': 'Publish the file of the manifest again, or make the manifest anew: npx holdfast manifest.',
  'integrity-failed':
    'Publish the file of the manifest again, or make the manifest or the list of integrity() anew.',
  opaque:
    'Add crossorigin to the element, or the host to the option corsHosts of quotaGuard() if it answers CORS; else allow a few ' +
    'with its option opaque. The browser counts up to 14.8 MB for each.',
  unreadable: 'Request it again: it is fetched anew.',
  'cannot-digest': 'List it with sha256, sha384 or sha512, which every browser can compute.',
  'body-incomplete': "Request it again. With handler: 'ResumableCacheFirst' it resumes where it stopped.",
  'quota-exceeded':
    'Delete other data of the site, such as old releases with switchTo(version, {evictNow: true}).',
  'storage-failed':
    'Request it again. If that fails, too, see whether the disk is full, or the window a private one.',
  'release-evicted': 'Use the release that is current now, or stage this one again.',
  'not-current': 'Reload the page: it then uses the current release.',
  'kept-as-file': 'Read it from there.',
  'redirected-code': 'Request the URL that it is redirected to: imports of the code depend on its folder.',
  'turned-off': 'Call register() to turn everything on again.',
  'no-store':
    'Have the host send other headers for it, or write quotaGuard({ignoreNoStore: true}) on its route to store it all the same.',
  private: 'Call signIn(name) of @holdfast/window before the request, in a worker with accounts().',
  'signed-out': 'Sign in and request it again.',
  'over-budget': 'Raise the budget, or delete what is not needed.',
  refused: 'See what the cacheWillUpdate of your own plugins returns.',
  html: 'Correct the URL if the file is elsewhere. If it is what you want, set the option html of its route.',
  'wrong-type':
    'Have the host send the right Content-Type, and look at what it has sent: it may be an error.',
  empty: 'Publish the file again.',
  redirected: 'Sign in, or request the URL that has the file.',
  endless: 'Have its host send Content-Length.',
  method: 'Request it with GET.',
  'no-room': 'Delete other data of the site, such as old releases with switchTo(version, {evictNow: true}).',
};

/** A failure, with the status of the answer where that is the reason. */
export interface Failure {
  reason: Reason;
  status?: number | undefined;
}

/** Returns why a file was not stored, as a clause that follows the file's name. */
export const failureText = ({reason, status}: Failure): string =>
  status ? `its host answered with ${status}` : TEXTS[reason];

/** Says that a file was not stored, why, and what to do. */
export const failureSentence = (key: string, {reason, status}: Failure): string => {
  const isPart = reason === 'status' && status === 206;
  const why = failureText({reason, status: reason === 'status' ? status : undefined});
  const advice = isPart
    ? "Request it without Range, or give its route handler: 'ResumableCacheFirst'."
    : ADVICE[reason];
  return `'${shownUrl(key)}' was not stored: ${isPart ? 'its host answered with a part of it (206)' : why}. ${advice}`;
};
