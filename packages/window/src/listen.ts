import type {LargeFilesEvent} from '@holdfast/service-worker/downloads/events.js';
import type {VersionScopeEvent} from '@holdfast/service-worker/releases/events.js';
import type {ReleaseEvent} from '@holdfast/service-worker/releases/stage/events.js';

/** What workers tell every page of the origin. */
type WorkerEvent = VersionScopeEvent | ReleaseEvent | LargeFilesEvent;

/** Hears it, until the signal is aborted. */
export const listen = (listener: (event: WorkerEvent) => void, signal: AbortSignal): void => {
  const channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data}: MessageEvent<WorkerEvent>) => listener(data);
  signal.addEventListener('abort', () => channel.close());
};
