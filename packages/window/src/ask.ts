import type {VersionAnswer, VersionMessages, VersionMessageType} from '@holdfast/version-scope/messages.js';
import {messageSW} from 'workbox-window';
import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {withTimeLimit} from './withTimeLimit.ts';

/** The worker that serves this page, or would if the page had not been loaded round it. */
const activeWorker = async (): Promise<ServiceWorker> => {
  const container = serviceWorkers();
  const worker = container.controller ?? (await container.getRegistration())?.active;
  if (!worker) {
    throw new HoldfastError('no-worker', 'No service worker is active for this page. Call register() first.');
  }
  return worker;
};

/** Sends a message to the worker and waits for its answer, which `messageSW` alone does without end. */
export const ask = async <Type extends VersionMessageType>(
  type: Type,
  payload: VersionMessages[Type]['request'],
  timeoutSeconds: number,
  worker?: ServiceWorker,
): Promise<VersionMessages[Type]['answer']> => {
  const answer: VersionAnswer<Type> = await withTimeLimit(
    async () => messageSW(worker ?? (await activeWorker()), {type, payload}),
    timeoutSeconds,
    () => `the worker's answer to ${type}. Does the worker call handleVersionMessages()?`,
  );
  if (answer.type === 'HOLDFAST_ERROR') {
    throw new HoldfastError('refused', answer.payload.message);
  }
  return answer.payload;
};
