import {withStageLock} from '../staging.ts';
import {after} from './after.ts';
import {report} from './events.ts';
import {pathOf} from './keptFiles.ts';
import type {StageAnswer, StageProgress} from './messages.ts';
import {Progress} from './Progress.ts';
import type {ReadAssets, StagedAsset} from './readAssets.ts';
import {stageRelease} from './stageRelease.ts';

declare const self: ServiceWorkerGlobalScope;

/** Pages draw no more often than this. */
const REPORT_EVERY_MS = 100;

/** A stage that is under way in this worker, for everybody who has asked for it. */
export class RunningStage {
  readonly assets: readonly StagedAsset[];
  /** How it ends. Rejects where storage cannot be read, or the manifest is another one than a whole release has. */
  readonly ended: Promise<StageAnswer>;
  private readonly line: string;
  private readonly version: string;
  private readonly wanted: ReadAssets;
  private readonly progress: Progress;
  /** Who wants it, and the page that he is on. */
  private readonly askers = new Map<string, string | undefined>();
  private readonly controller = new AbortController();
  private isReportDue = false;

  constructor(line: string, version: string, wanted: ReadAssets) {
    this.line = line;
    this.version = version;
    this.wanted = wanted;
    this.assets = wanted.assets;
    this.progress = new Progress({line, version}, wanted.assets, () => this.reportNowAndThen());
    this.ended = this.run();
  }

  get snapshot(): StageProgress {
    return this.progress.snapshot();
  }

  get isRunning(): boolean {
    return this.progress.state === 'running';
  }

  /** Whether it has been asked for by somebody who does not know yet how it has ended. */
  isAwaitedBy(asker: string): boolean {
    return this.askers.has(asker);
  }

  /** How it has ended, or that it goes on if that takes too long. */
  async join(asker: string, client: string | undefined, answerWithinMs: number): Promise<StageAnswer> {
    this.askers.set(asker, client);
    let isTold = true;
    try {
      const answer = await Promise.race([this.ended, after(answerWithinMs)]);
      isTold = answer !== undefined;
      return answer ?? {state: 'running'};
    } finally {
      if (isTold) {
        this.askers.delete(asker);
      }
    }
  }

  /** Gives it up when nobody is left who wants it. Pages that have gone do not want it any more. */
  async leave(asker: string): Promise<void> {
    this.askers.delete(asker);
    const there = await self.clients.matchAll({includeUncontrolled: true, type: 'all'});
    for (const [other, client] of this.askers) {
      if (!there.some(({id}) => id === client)) {
        this.askers.delete(other);
      }
    }
    if (this.askers.size === 0) {
      this.controller.abort();
    }
  }

  private async run(): Promise<StageAnswer> {
    const {line, version, progress} = this;
    const {signal} = this.controller;
    try {
      // Another worker of the origin may be at it.
      const {failures, damaged} = await withStageLock(line, version, signal, () =>
        stageRelease(this.wanted, {line, version, progress, signal}),
      );
      if (failures.length > 0) {
        return this.end('failed', {state: 'failed', failures});
      }
      const {assets, totalBytes, bytes} = progress.snapshot();
      const files: Record<string, string> = {};
      for (const {key, file} of this.assets) {
        if (file !== undefined) {
          files[key] = pathOf({line, version}, file);
        }
      }
      return this.end('done', {state: 'done', line, version, assets, totalBytes, bytes, damaged, files});
    } catch (error) {
      this.end(signal.aborted ? 'aborted' : 'failed', undefined);
      if (signal.aborted) {
        return {state: 'aborted'};
      }
      // What is still under way has nowhere to go.
      this.controller.abort();
      throw error;
    }
  }

  private end<Answer>(state: StageProgress['state'], answer: Answer): Answer {
    this.progress.state = state;
    report({type: 'STAGE_PROGRESS', payload: this.snapshot});
    return answer;
  }

  /** The last change before a pause is told too. */
  private reportNowAndThen(): void {
    if (!this.isReportDue) {
      this.isReportDue = true;
      setTimeout(() => {
        this.isReportDue = false;
        if (this.isRunning) {
          const {snapshot} = this;
          report({type: 'STAGE_PROGRESS', payload: snapshot});
          if (snapshot.waiting > 0) {
            this.reportNowAndThen();
          }
        }
      }, REPORT_EVERY_MS);
    }
  }
}
