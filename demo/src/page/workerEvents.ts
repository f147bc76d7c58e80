import {EVENT_CHANNEL, type WorkerEvent} from '@holdfast/service-worker/messages';
import {isOfRace} from './race/isOfRace.ts';

export type {WorkerEvent};

/** The progress of a stage or a download: reported many times a second, and drawn as a bar. */
export type ProgressEvent = Extract<WorkerEvent, {type: 'STAGE_PROGRESS' | 'DOWNLOAD_PROGRESS'}>;

export const isProgress = (event: WorkerEvent): event is ProgressEvent =>
  event.type === 'STAGE_PROGRESS' || event.type === 'DOWNLOAD_PROGRESS';

/** Listens to what the demo's worker reports. Those of the race share the channel. */
export const onWorkerEvent = (listener: (event: WorkerEvent) => void): void => {
  const channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.addEventListener('message', ({data}) => {
    if (!isOfRace(JSON.stringify(data))) {
      listener(data);
    }
  });
};
