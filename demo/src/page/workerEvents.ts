import type {QuotaGuardEvent} from '@holdfast/quota-guard/events.js';
import {EVENT_CHANNEL, type VersionScopeEvent} from '@holdfast/version-scope/events.js';

export type WorkerEvent = VersionScopeEvent | QuotaGuardEvent;

/** Listens to what the workers of this origin tell. */
export const onWorkerEvent = (listener: (event: WorkerEvent) => void): void => {
  new BroadcastChannel(EVENT_CHANNEL).addEventListener('message', ({data}) => listener(data));
};
