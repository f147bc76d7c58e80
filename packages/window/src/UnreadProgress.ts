import type {StageProgress} from '@holdfast/service-worker/messages';

/** What a reader has not read yet: every end, and the newest progress of each release that is being staged. */
export class UnreadProgress {
  private readonly waiting: StageProgress[] = [];

  add(progress: StageProgress): void {
    const {line, version} = progress;
    const index = this.waiting.findIndex(
      (other) => other.state === 'running' && other.line === line && other.version === version,
    );
    this.waiting.splice(index < 0 ? this.waiting.length : index, 1, progress);
  }

  /** Removes and returns the one that has waited longest. */
  take(): StageProgress | undefined {
    return this.waiting.shift();
  }
}
