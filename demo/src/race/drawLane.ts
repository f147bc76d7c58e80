import {byId} from '../page/byId.ts';
import {formatBytes, formatProgress} from '../page/format.ts';
import type {LaneReport} from './laneReport.ts';

const draw = (state: LaneReport['type'] | 'loading', title: string, details: string): void => {
  document.body.dataset.state = state;
  byId('title', HTMLElement).textContent = title;
  byId('details', HTMLElement).textContent = details;
};

export const drawLoading = (version: string, bytes: number, totalBytes: number): void => {
  draw('loading', `Loading ${version} …`, formatProgress(bytes, totalBytes));
  Object.assign(byId('progress', HTMLProgressElement), {max: totalBytes, value: bytes});
};

export const drawState = (outcome: LaneReport): void => {
  switch (outcome.type) {
    case 'loaded':
      drawLoading(outcome.version, outcome.bytes, outcome.bytes);
      draw('loaded', `${outcome.version} is ready`, `${formatBytes(outcome.bytes)} in memory`);
      break;
    case 'failed':
      draw('failed', 'Failed', outcome.message);
      break;
    case 'cleared':
      draw('cleared', 'Nothing is stored', '');
  }
};
