import {Channel} from '../messages/Channel.ts';
import type {DownloadProgress, JobState} from '../messages/protocol.ts';
import {systemClock} from '../timing/Clock.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import type {PieceMemory} from './PieceMemory.ts';
import type {PieceStore} from './PieceStore.ts';
import {bytesIn, rangeAt} from './ranges.ts';
import {Speedometer} from './Speedometer.ts';

/** Pages draw no more often than this. */
const REPORT_EVERY_MS = 100;

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
  private readonly speedometer = new Speedometer();
  private reportedAt = 0;

  constructor(worker: WorkerState, download: Download) {
    this.worker = worker;
    this.download = download;
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
      key: store.place.key,
      state,
      bytes,
      totalBytes: size,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? Math.ceil((size - bytes) / bytesPerSecond) : undefined,
    };
  }

  report(state: JobState): void {
    this.reportedAt = systemClock.now();
    this.worker.part(Channel).report({type: 'DOWNLOAD_PROGRESS', payload: this.progress(state)});
  }

  /** Reports that bytes have arrived, ten times a second at most. */
  reportRunning(): void {
    if (systemClock.now() - this.reportedAt >= REPORT_EVERY_MS) {
      this.report('running');
    }
  }
}
