import {shownUrl} from '@holdfast/service-worker/http';
import {type AssetFailure, failureText} from '@holdfast/service-worker/messages';
import {HoldfastError} from './HoldfastError.ts';

/** A release that was not staged, and the version of its line that is current. */
interface Situation {
  /** The release, as the message calls it. */
  release: string;
  version: string;
  current: string | null;
}

const explain = (
  [first, ...more]: readonly AssetFailure[],
  {release, version, current}: Situation,
): string => {
  const sentences = [`${release} is not complete.`];
  if (first) {
    sentences.push(`${shownUrl(first.key)}: ${failureText(first)}.`);
  }
  if (more.length > 0) {
    sentences.push(`${more.length} more failed.`);
  }
  if (current === version) {
    sentences.push('It is the current release: its missing files come from the network.');
  } else if (current !== null) {
    sentences.push(`The current release, '${current}', is untouched.`);
  }
  return sentences.join(' ');
};

/** A release could not be staged completely. The code is `stage-failed`. */
export class StageError extends HoldfastError {
  /** The files that failed, with the reasons. More may be missing: after a failure no other file is started. */
  readonly failures: readonly AssetFailure[];

  constructor(failures: readonly AssetFailure[], situation: Situation) {
    super('stage-failed', explain(failures, situation));
    this.failures = failures;
  }
}
