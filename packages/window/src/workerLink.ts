import {
  type AnswerMessage,
  EVENT_CHANNEL,
  type Messages,
  type MessageType,
} from '@holdfast/service-worker/messages';
import {messageSW} from 'workbox-window';
import {HoldfastError} from './HoldfastError.ts';
import {type ReadEvent, readEvent} from './readEvent.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {waitingError} from './waitingWorker.ts';
import {withTimeLimit} from './withTimeLimit.ts';

/** Follows what a worker did not do. */
export const IS_IT_OURS = 'Does the worker call registerAssets(), or was it generated with withHoldfast()?';

/** Says how a worker gets a feature, whose name is also that of the option. */
const feature = (name: string): string =>
  `add \`${name}: true\` to withHoldfast(), or \`${name}()\` to the features of registerAssets()`;

/** The feature that answers each type of message. */
const FEATURES: Partial<Record<MessageType, string>> = {
  HOLDFAST_STAGE: 'staging',
  HOLDFAST_LIST_STAGES: 'staging',
  HOLDFAST_LIST_RELEASES: 'listing',
  HOLDFAST_CLEAR: 'inspection',
  HOLDFAST_EXPLAIN: 'inspection',
  HOLDFAST_USAGE: 'inspection',
  HOLDFAST_SIGN_IN: 'accounts',
  HOLDFAST_SIGN_OUT: 'accounts',
};

/** Says what to write so that a worker supports a type of message. */
const toSupport = (type: MessageType): string => {
  const name = FEATURES[type];
  return name
    ? feature(name)
    : type === 'HOLDFAST_DOWNLOAD'
      ? "add a route with `handler: 'ResumableCacheFirst'` (or a recipe with `resumable: true`) to withHoldfast(), or " +
        '`downloads()` to the features of registerAssets()'
      : 'generate it with withHoldfast(), or call registerAssets() in it';
};

/** Returns the worker that serves this page, or would if a hard reload had not bypassed it. */
const activeWorker = async (): Promise<ServiceWorker> => {
  const container = serviceWorkers();
  const worker = container.controller ?? (await container.getRegistration())?.active;
  if (!worker) {
    throw new HoldfastError('no-worker', 'No service worker is active for this page. Call register() first.');
  }
  return worker;
};

const payloadOf = <Type extends MessageType>(
  type: Type,
  answer: AnswerMessage<Type>,
): Messages[Type]['answer'] => {
  // A worker of another library may answer with anything.
  const {type: answered, payload}: AnswerMessage<Type> = Object(answer);
  if (answered === 'HOLDFAST_ANSWER') {
    return payload;
  }
  if (answered !== 'HOLDFAST_ERROR' || payload.isUnsupported) {
    throw new HoldfastError(
      'unsupported',
      `The service worker does not support ${type}: ${toSupport(type)}.`,
    );
  }
  throw new HoldfastError('refused', payload.message);
};

/**
 * Sends a message to the worker, and returns the payload of its answer.
 *
 * @param worker the one to ask, instead of the one that serves this page.
 * @throws HoldfastError `no-worker`, `unsupported`, `refused`, `timeout`, `waiting`.
 */
export const ask = async <Type extends MessageType>(
  type: Type,
  payload: Messages[Type]['request'],
  timeoutSeconds: number,
  worker?: ServiceWorker,
): Promise<Messages[Type]['answer']> => {
  try {
    const answer: AnswerMessage<Type> = await withTimeLimit(
      async () => messageSW(worker ?? (await activeWorker()), {type, payload}),
      {timeoutSeconds},
      () => `the worker's answer to ${type}. ${IS_IT_OURS}`,
    );
    return payloadOf(type, answer);
  } catch (error) {
    const isLate = error instanceof HoldfastError && error.code === 'timeout';
    throw isLate && !worker && (await serviceWorkers().getRegistration())?.waiting ? waitingError() : error;
  }
};

/**
 * Calls back for what workers of the origin report of jobs, until the signal aborts. Never, where the browser has no
 * `BroadcastChannel` (Safari before 15.4): answers to messages still arrive there.
 */
export const listen = (listener: (event: ReadEvent) => void, signal: AbortSignal): void => {
  if (!('BroadcastChannel' in globalThis)) {
    return;
  }
  const channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.onmessage = ({data}: MessageEvent<unknown>) => {
    const event = readEvent(data);
    if (event) {
      listener(event);
    }
  };
  signal.addEventListener('abort', () => channel.close());
};

/** A worker answers twice as fast. One that does not was killed, together with the message. */
const ANSWER_WITHIN_SECONDS = 20;

/** How a job talks to the worker. It is passed on, so that a test can act as the worker. */
export interface WorkerLink {
  /** Sends a message. Resolves to `undefined` when the worker was killed before it answered. */
  ask<Type extends MessageType>(
    type: Type,
    payload: Messages[Type]['request'],
  ): Promise<Messages[Type]['answer'] | undefined>;
  listen(listener: (event: ReadEvent) => void, signal: AbortSignal): void;
}

/** The link to the worker that serves this page. */
export const workerLink: WorkerLink = {
  ask: async (type, payload) => {
    try {
      return await ask(type, payload, ANSWER_WITHIN_SECONDS);
    } catch (error) {
      // An update may be waiting while the worker is killed: that is no reason to give a job up.
      if (error instanceof HoldfastError && ['timeout', 'waiting'].includes(error.code)) {
        return undefined;
      }
      throw error;
    }
  },
  listen,
};
