import type {DownloadFailure} from '@holdfast/service-worker/downloads/messages.js';
import type {StageFailureReason} from '@holdfast/service-worker/releases/stage/messages.js';

/** All that may befall a file. */
export type FailureReason = StageFailureReason | DownloadFailure['reason'] | 'not-routed' | 'not-stored';

const IN_WORDS: Record<FailureReason, string> = {
  unreachable: 'its host cannot be reached, or does not let this site read it',
  status: 'its host answered with something else than the file',
  'too-long': 'it is longer than the manifest says',
  'too-short': 'it is shorter than the manifest says',
  'wrong-digest': 'its bytes are not those of the manifest',
  'integrity-failed': 'its bytes are not those of the manifest',
  opaque: 'it is stored in a way that nobody may read it',
  unreadable: 'it cannot be read from the disk',
  'cannot-digest': 'the browser can make no digest of it',
  'body-incomplete': 'the connection broke before its last byte',
  'quota-exceeded': 'the browser has no room for it',
  'storage-failed': 'the browser could not store it',
  'release-evicted': 'its release was deleted in the meantime',
  'not-current': 'its URL has no version, and another release has become current',
  'kept-as-file': 'it is kept as a file',
  'redirected-code': 'it is code, and was redirected to another folder',
  'turned-off': 'everything was turned off',
  interrupted: 'its host cannot be reached, or does not let this site read it',
  'not-routed': 'no ResumableCacheFirst of the worker has answered for it',
  'not-stored': 'the worker has read it to its end, and did not store it',
};

/** What befell a file, in words that go on after its name. */
export const inWords = ({reason, status}: {reason: FailureReason; status?: number | undefined}): string =>
  status ? `its host answered with ${status}` : IN_WORDS[reason];
