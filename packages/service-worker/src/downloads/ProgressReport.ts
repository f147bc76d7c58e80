import {publicKey} from '../http/partition.ts';
import {Channel} from '../messages/Channel.ts';
import type {DownloadProgress, JobState} from '../messages/protocol.ts';
import {type Clock, systemClock} from '../timing/Clock.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import type {PieceMemory} from './PieceMemory.ts';
import type {PieceStore} from './PieceStore.ts';
import {bytesIn, rangeAt} from './ranges.ts';
import {Speedometer} from './Speedometer.ts';

/** Pages draw no more often than this. */
const REPORT_EVERY_MS = 100;

/** While nothing arrives, a report tells how the speed falls. */
const REPORT_SILENCE_MS = 1000;

/** What there is of a file. */
interface Download {
  /** In bytes. */
  readonly size: number;
  readonly store: PieceStore;
  readonly memory: PieceMemory;
}

/** Reports to pages how far a download is. */
export class ProgressReport {
  private readonly worker: WorkerState;
  private readonly download: Download;
  private readonly clock: Clock;
  private readonly speedometer: Speedometer;
  private reportedAt = Number.NEGATIVE_INFINITY;
  private cancelNext: () => void = () => undefined;

  constructor(worker: WorkerState, download: Download, clock: Clock = systemClock) {
    this.worker = worker;
    this.download = download;
    this.clock = clock;
    this.speedometer = new Speedometer(clock.now);
  }

  /** Returns how far the download is now. */
  progress(state: JobState = 'running'): DownloadProgress {
    const {speedometer} = this;
    const {size, store, memory} = this.download;
    const bytes =
      bytesIn(store.ranges) + bytesIn([...memory].filter(({start}) => !rangeAt(store.ranges, start)));
    speedometer.count(bytes);
    const {bytesPerSecond} = speedometer;
    return {
      key: publicKey(store.place.key),
      state,
      bytes,
      // Where a body is longer than announced, nothing tells how long.
      totalBytes: Number.isFinite(size) ? size : bytes,
      bytesPerSecond,
      secondsLeft:
        bytesPerSecond > 0 && Number.isFinite(size) ? Math.ceil((size - bytes) / bytesPerSecond) : undefined,
    };
  }

  report(state: JobState): void {
    this.cancelNext();
    this.reportedAt = this.clock.now();
    const payload = this.progress(state);
    this.worker.part(Channel).report({type: 'DOWNLOAD_PROGRESS', payload});
    // Once complete, or without any speed, there is nothing more to tell.
    if (state === 'running' && payload.secondsLeft) {
      this.reportIn(REPORT_SILENCE_MS);
    }
  }

  /** Reports that bytes have arrived, ten times a second at most. */
  reportRunning(): void {
    const sinceMs = this.clock.now() - this.reportedAt;
    if (sinceMs >= REPORT_EVERY_MS) {
      this.report('running');
    } else {
      this.reportIn(REPORT_EVERY_MS - sinceMs);
    }
  }

  private reportIn(milliseconds: number): void {
    this.cancelNext();
    this.cancelNext = this.clock.after(milliseconds, () => this.report('running'));
  }
}
