import type {StageProgress} from '@holdfast/service-worker/releases/stage/messages.js';

/** What a reader has not read yet: all ends, and of what is running only the newest of each release. */
export class UnreadProgress {
  private readonly waiting: StageProgress[] = [];

  add(progress: StageProgress): void {
    const {line, version} = progress;
    const index = this.waiting.findIndex(
      (one) => one.state === 'running' && one.line === line && one.version === version,
    );
    this.waiting.splice(index < 0 ? this.waiting.length : index, 1, progress);
  }

  /** The one that has waited longest. */
  take(): StageProgress | undefined {
    return this.waiting.shift();
  }
}
