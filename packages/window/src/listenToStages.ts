import type {ReleaseEvent} from '@holdfast/releases/events.js';

/** Hears what workers tell of stages, to every page of the origin, until the signal is aborted. */
export const listenToStages = (listener: (event: ReleaseEvent) => void, signal: AbortSignal): void => {
  const channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data}: MessageEvent<ReleaseEvent>) => listener(data);
  signal.addEventListener('abort', () => channel.close());
};
