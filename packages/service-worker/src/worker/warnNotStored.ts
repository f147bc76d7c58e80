import {type Failure, failureSentence} from './failureText.ts';
import {Warnings} from './Warnings.ts';
import type {WorkerState} from './WorkerState.ts';

/** Says in a development build why something is not stored, and what to do: once for each URL and reason. */
export const warnNotStored = (worker: WorkerState, key: string, failure: Failure): void =>
  worker.part(Warnings).once(failureSentence(key, failure));
