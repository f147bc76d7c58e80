/**
 * How a download stands.
 *
 * - `running`: bytes come, or are waited for.
 * - `stopped`: nobody wants it any more. What is there stays, and the next request goes on from it.
 * - `failed`: the host, the network or the browser's storage has failed for too long. What is there stays.
 * - `done`: all bytes are stored.
 */
export type DownloadState = 'running' | 'stopped' | 'failed' | 'done';

/** How far the download of a whole file is. */
export interface DownloadProgress {
  key: string;
  state: DownloadState;
  /** Those that are here, with those of earlier attempts. */
  bytes: number;
  totalBytes: number;
  /** Over the last seconds. */
  bytesPerSecond: number;
  /** At that speed; `undefined` as long as nothing comes. */
  secondsLeft: number | undefined;
}

/** What the strategy tells every page of its origin, on the `BroadcastChannel` named `holdfast`. */
export interface LargeFilesEvent {
  /** Ten times a second at most, and at each end. */
  type: 'DOWNLOAD_PROGRESS';
  payload: DownloadProgress;
}

let channel: BroadcastChannel | undefined;

/** Tells every page of the origin. */
export const report = (event: LargeFilesEvent): void => {
  channel ??= new BroadcastChannel('holdfast');
  channel.postMessage(event);
};
