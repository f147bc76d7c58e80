import type {LargeFilesEvent} from '@holdfast/service-worker/downloads/events.js';
import type {QuotaGuardEvent} from '@holdfast/service-worker/guard/events.js';
import {EVENT_CHANNEL, type VersionScopeEvent} from '@holdfast/service-worker/releases/events.js';
import type {ReleaseEvent} from '@holdfast/service-worker/releases/stage/events.js';

export type WorkerEvent = VersionScopeEvent | QuotaGuardEvent | ReleaseEvent | LargeFilesEvent;

/** How far something is: told many times a second, and drawn by a bar. */
export type WorkerProgress = Extract<WorkerEvent, {type: 'STAGE_PROGRESS' | 'DOWNLOAD_PROGRESS'}>;

export const isProgress = (event: WorkerEvent): event is WorkerProgress =>
  event.type === 'STAGE_PROGRESS' || event.type === 'DOWNLOAD_PROGRESS';

/** Listens to what the workers of this origin tell, until the signal is aborted. */
export const onWorkerEvent = (listener: (event: WorkerEvent) => void, signal?: AbortSignal): void => {
  const channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.addEventListener('message', ({data}) => listener(data));
  signal?.addEventListener('abort', () => channel.close());
};
