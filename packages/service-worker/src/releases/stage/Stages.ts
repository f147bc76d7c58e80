import type {StageWork} from './StageWork.ts';

/** The stages of this worker's life. */
export class Stages {
  /** The last stage of each release, by the id of its job. */
  readonly works = new Map<string, StageWork>();
}
