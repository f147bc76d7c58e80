import type {StageFailure, StageFailureReason} from '@holdfast/releases/messages.js';
import {HoldfastError} from './HoldfastError.ts';

/** What befell a file, in words that go on after its name. */
const IN_WORDS: Record<StageFailureReason, string> = {
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
};

/** The release that is being brought in, and the one of its line that is current. */
interface Situation {
  line: string;
  version: string;
  current: string | null;
}

const explain = ([first, ...more]: readonly StageFailure[], {line, version, current}: Situation): string => {
  const sentences = [`'${version}' of '${line}' is not whole.`];
  if (first) {
    const {key, reason, status} = first;
    sentences.push(`${key}: ${status ? `its host answered with ${status}` : IN_WORDS[reason]}.`);
  }
  if (more.length > 0) {
    sentences.push(`${more.length} more failed.`);
  }
  if (current === version) {
    sentences.push('It is the current release: what it lacks comes from the network.');
  } else if (current !== null) {
    sentences.push(`The current release, '${current}', is untouched.`);
  }
  return sentences.join(' ');
};

/** A release could not be brought in whole. The code is `stage-failed`. */
export class StageError extends HoldfastError {
  /** The files that failed, with the reason. There may be others: after a failure nothing more is begun. */
  readonly failures: readonly StageFailure[];

  constructor(failures: readonly StageFailure[], situation: Situation) {
    super('stage-failed', explain(failures, situation));
    this.failures = failures;
  }
}
