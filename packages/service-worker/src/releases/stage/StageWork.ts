import {publicKey} from '../../http/partition.ts';
import {Channel} from '../../messages/Channel.ts';
import type {JobEnd, Work} from '../../messages/Jobs.ts';
import type {JobState, StageProgress, StageReport} from '../../messages/protocol.ts';
import type {Releases} from '../Releases.ts';
import {nameOf} from '../releaseOf.ts';
import {Progress} from './Progress.ts';
import {pathOf} from './releaseFiles.ts';
import type {ReadAssets} from './StagedAsset.ts';
import {areSame} from './stagedReleases.ts';
import {stageRelease} from './stageRelease.ts';
import {isSameUrl, type Wanted, wantedAssets} from './wantedAssets.ts';
import {withStageLock} from './withStageLock.ts';

/** Pages draw no more often than this. */
const REPORT_EVERY_MS = 100;

/** The work of a job that stages a release, and how far it is. */
export class StageWork implements Work<StageReport> {
  private readonly releases: Releases;
  private readonly counts: Progress;
  /** `undefined` after the end: a worker may live for long, and a manifest may be large. */
  private wanted: Wanted | undefined;
  private assets: Promise<ReadAssets> | undefined;
  private isReportDue = false;

  constructor(releases: Releases, wanted: Wanted) {
    this.releases = releases;
    this.wanted = wanted;
    const {line, version} = wanted;
    this.counts = new Progress({line: nameOf(line), version}, () => this.reportSoon());
  }

  progress(): StageProgress {
    return this.counts.snapshot();
  }

  /**
   * Tells whether a page that joins this stage wants the same assets.
   *
   * @throws TypeError, Error where the manifest of one of them cannot be read.
   */
  async isWantedBy(joining: Wanted): Promise<boolean> {
    const {wanted} = this;
    if (!wanted || joining.manifest === undefined || isSameUrl(wanted, joining)) {
      return true;
    }
    const {signal} = new AbortController();
    const theirs = wantedAssets(this.releases, joining, signal);
    const [own, other] = await Promise.all([this.read(wanted, signal), theirs]);
    return areSame(own.assets, other.assets);
  }

  async run(signal: AbortSignal): Promise<JobEnd<StageReport>> {
    const {releases, counts} = this;
    const wanted = this.wanted as Wanted;
    const {line, version} = wanted;
    try {
      const read = await this.read(wanted, signal);
      counts.expect(read.assets);
      // Another worker of the origin may be staging the release.
      const {failures, damaged} = await withStageLock(line, version, signal, () =>
        stageRelease(releases, read, {line, version, progress: counts, signal}),
      );
      if (failures.length > 0) {
        this.end('failed');
        return {
          state: 'failed',
          failures: failures.map((failure) => Object.assign({}, failure, {key: publicKey(failure.key)})),
        };
      }
      this.end('done');
      const {line: name, assets, totalBytes, bytes} = this.progress();
      const files: Record<string, string> = {};
      for (const {key, file} of read.assets) {
        if (file !== undefined) {
          files[publicKey(key)] = pathOf({line, version}, file);
        }
      }
      return {
        state: 'done',
        report: {line: name, version, assets, totalBytes, bytes, damaged: damaged.map(publicKey), files},
      };
    } catch (error) {
      this.end(signal.aborted ? 'aborted' : 'failed');
      throw error;
    }
  }

  /** Reads the assets, once. */
  private read(wanted: Wanted, signal: AbortSignal): Promise<ReadAssets> {
    this.assets ??= wantedAssets(this.releases, wanted, signal);
    return this.assets;
  }

  private end(state: JobState): void {
    this.counts.end(state);
    this.wanted = undefined;
    this.assets = undefined;
    this.report();
  }

  private report(): void {
    this.releases.worker.part(Channel).report({type: 'STAGE_PROGRESS', payload: this.progress()});
  }

  /** Reports after a pause, so that the last change before it is reported, too. */
  private reportSoon(): void {
    if (!this.isReportDue) {
      this.isReportDue = true;
      setTimeout(() => {
        this.isReportDue = false;
        const {state, waiting} = this.progress();
        if (state === 'running') {
          this.report();
          if (waiting > 0) {
            this.reportSoon();
          }
        }
      }, REPORT_EVERY_MS);
    }
  }
}
