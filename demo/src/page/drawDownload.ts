import type {DownloadProgress} from '@holdfast/window';
import {byId} from './byId.ts';
import {formatBytes, formatProgress} from './format.ts';

const details = ({state, bytes, totalBytes, bytesPerSecond, secondsLeft}: DownloadProgress): string => {
  if (state === 'done') {
    return '';
  }
  if (bytes === totalBytes) {
    return 'Downloaded. Joining its pieces …';
  }
  return secondsLeft === undefined ? '' : `${formatBytes(bytesPerSecond)} a second · ${secondsLeft} s left`;
};

/** Draws the progress of the large file's download. */
export const drawDownload = (progress: DownloadProgress): void => {
  const {bytes, totalBytes} = progress;
  Object.assign(byId('large-progress', HTMLProgressElement), {max: totalBytes, value: bytes});
  byId('large-amount', HTMLElement).textContent = formatProgress(bytes, totalBytes);
  byId('large-details', HTMLElement).textContent = details(progress);
  byId('large-bar', HTMLElement).hidden = false;
};

/** Leaves the bar where it is, without a speed. */
export const drawPause = (): void => {
  byId('large-details', HTMLElement).textContent = '';
};

export const hideDownload = (): void => {
  byId('large-bar', HTMLElement).hidden = true;
};
