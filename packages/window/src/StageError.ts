import type {StageFailure} from '@holdfast/service-worker/releases/stage/messages.js';
import {HoldfastError} from './HoldfastError.ts';
import {inWords} from './inWords.ts';

/** The release that is being brought in, and the one of its line that is current. */
interface Situation {
  line: string;
  version: string;
  current: string | null;
}

const explain = ([first, ...more]: readonly StageFailure[], {line, version, current}: Situation): string => {
  const sentences = [`'${version}' of '${line}' is not whole.`];
  if (first) {
    sentences.push(`${first.key}: ${inWords(first)}.`);
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
