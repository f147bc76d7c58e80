import type {DownloadProgress} from '@holdfast/window';
import {byId} from './byId.ts';
import {formatBytes, formatProgress} from './format.ts';

const details = ({state, bytes, totalBytes, bytesPerSecond, secondsLeft}: DownloadProgress): string => {
  if (state === 'done') {
    return '';
  }
  if (bytes === totalBytes) {
    return 'All of it is here. Its pieces are being put together …';
  }
  return secondsLeft === undefined ? '' : `${formatBytes(bytesPerSecond)} a second · ${secondsLeft} s left`;
};

/** Draws how far the download of the large file is. */
export const drawDownload = (progress: DownloadProgress): void => {
  const {bytes, totalBytes} = progress;
  Object.assign(byId('large-progress', HTMLProgressElement), {max: totalBytes, value: bytes});
  byId('large-amount', HTMLElement).textContent = formatProgress(bytes, totalBytes);
  byId('large-details', HTMLElement).textContent = details(progress);
  byId('large-bar', HTMLElement).hidden = false;
};

/** Leaves the bar where it is: nothing comes. */
export const drawStandstill = (): void => {
  byId('large-details', HTMLElement).textContent = '';
};

export const hideDownload = (): void => {
  byId('large-bar', HTMLElement).hidden = true;
};
