import type {LargeFilesMessages} from '@holdfast/service-worker/downloads/messages.js';
import type {VersionMessages} from '@holdfast/service-worker/releases/messages.js';
import type {ReleaseMessages} from '@holdfast/service-worker/releases/stage/messages.js';
import {messageSW} from 'workbox-window';
import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {withTimeLimit} from './withTimeLimit.ts';

type Messages = VersionMessages & ReleaseMessages & LargeFilesMessages;

type Answer<Type extends keyof Messages> =
  | {type: 'HOLDFAST_ANSWER'; payload: Messages[Type]['answer']}
  | {type: 'HOLDFAST_ERROR'; payload: {message: string}};

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
export const ask = async <Type extends keyof Messages>(
  type: Type,
  payload: Messages[Type]['request'],
  timeoutSeconds: number,
  worker?: ServiceWorker,
): Promise<Messages[Type]['answer']> => {
  const answer: Answer<Type> = await withTimeLimit(
    async () => messageSW(worker ?? (await activeWorker()), {type, payload}),
    timeoutSeconds,
    () => {
      const handler = type.includes('STAGE') ? 'handleReleaseMessages' : 'handleVersionMessages';
      return `the worker's answer to ${type}. Does the worker call ${handler}()?`;
    },
  );
  if (answer.type === 'HOLDFAST_ERROR') {
    throw new HoldfastError('refused', answer.payload.message);
  }
  return answer.payload;
};
