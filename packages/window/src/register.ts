import {shownUrl} from '@holdfast/service-worker/http';
import {within} from '@holdfast/service-worker/timing';
import {Workbox} from 'workbox-window';
import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {waitingError, waitingWorker} from './waitingWorker.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';
import {ask, IS_IT_OURS} from './workerLink.ts';

/** Options of {@link register}: those of `navigator.serviceWorker.register()`, a time limit, and what to do on an upgrade. */
export interface RegisterOptions extends RegistrationOptions, TimeLimit {
  /**
   * Whether the new worker takes over at once where an older one controls the page that does not know Holdfast: in all
   * open pages of the older one, too. The new worker must answer the message `SKIP_WAITING`, as generated workers do.
   *
   * @default false: the call rejects with a `waiting` error
   */
  activateWaiting?: boolean | undefined;
}

/** A worker that knows Holdfast answers sooner, also when the browser has to start it. */
const ANSWER_WITHIN_MS = 3000;

/**
 * Says what to do where a server has a page in the script's place: a development server, or one that answers every path with
 * the app.
 */
const adviceFor = async (script: string): Promise<string> => {
  const response = await fetch(script, {method: 'HEAD'}).catch(() => undefined);
  return response?.headers.get('content-type')?.startsWith('text/html')
    ? ' There is a page at its URL, no script. Is the worker built, and is this its URL? On a development server, ' +
        'vite-plugin-pwa makes a worker with `devOptions: {enabled: true}`, at /dev-sw.js?dev-sw.'
    : '';
};

const registerScript = async (workbox: Workbox, script: string): Promise<ServiceWorkerRegistration> => {
  try {
    const registration = await workbox.register({immediate: true});
    if (registration) {
      return registration;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = await adviceFor(script);
    throw new HoldfastError('registration-failed', `The worker was not registered: ${reason}${advice}`, {
      cause,
    });
  }
  throw new HoldfastError('registration-failed', 'The worker was not registered.');
};

/** Waits until the worker with a script is active, however far its installation is. */
const activated = async (
  {active, waiting, installing}: ServiceWorkerRegistration,
  script: string,
): Promise<ServiceWorker> => {
  // The active one first: where it has the script, the one that is being installed is an update, which may wait.
  const worker = [active, waiting, installing].find((candidate) => candidate?.scriptURL === script);
  if (!worker) {
    throw new HoldfastError('install-failed', 'The worker was discarded: its installation failed.');
  }
  if (worker.state === 'activated') {
    return worker;
  }
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') {
        resolve(worker);
      } else if (worker.state === 'redundant') {
        reject(
          new HoldfastError(
            'install-failed',
            'The worker was discarded: its installation failed, or it removes itself.',
          ),
        );
      }
    });
  });
};

/** Activates the worker that waits, and waits until it controls the page. */
const replace = async (
  container: ServiceWorkerContainer,
  workbox: Workbox,
  waiting: ServiceWorker,
): Promise<void> => {
  const change = new Promise<void>((resolve) => {
    container.addEventListener('controllerchange', () => resolve());
  });
  workbox.messageSkipWaiting();
  await (container.controller === waiting || change);
};

/** Asks the worker to take control of the page, and waits until it does. Tells whether the worker has answered. */
const controlled = async (
  container: ServiceWorkerContainer,
  worker: ServiceWorker,
  timeoutSeconds: number,
): Promise<boolean> => {
  // By the script: an update of the worker may have replaced it in the meantime.
  const isControlled = () => container.controller?.scriptURL === worker.scriptURL;
  const change = new Promise<void>((resolve) => {
    container.addEventListener('controllerchange', () => isControlled() && resolve());
  });
  // A worker may not claim its pages by itself. After a hard reload none does: the page has no worker although one is
  // active. And one that was turned off must hear that it is used again.
  // https://w3c.github.io/ServiceWorker/#clients-claim
  const turnedOn = ask('HOLDFAST_TURN_ON', {}, timeoutSeconds, worker).catch((error: HoldfastError) => {
    // A worker without releases cannot be asked, and may claim its pages.
    if (error.code !== 'unsupported') {
      throw error;
    }
    return change;
  });
  if (isControlled()) {
    // A worker that does not answer serves the page all the same.
    const answered = turnedOn.then(() => true);
    return within(answered, ANSWER_WITHIN_MS, false);
  }
  await Promise.race([change, turnedOn]);
  await (isControlled() || change);
  return true;
};

/**
 * Registers a worker, and resolves when it controls this page, so that every later request goes through it. Works on a
 * first visit, on later ones, and after a hard reload.
 *
 * On a page that the worker controls already, it resolves as soon as the worker answers, also when an update of the worker
 * is being installed. Listen to the `waiting` event of the returned `Workbox` for that. Where an older worker without
 * Holdfast controls the page, the new one waits: see `activateWaiting`.
 *
 * @param scriptUrl the worker's script.
 * @param options `timeoutSeconds` is 20 by default.
 * @throws HoldfastError `unsupported`, `registration-failed`, `out-of-scope`, `install-failed`, `waiting`, `timeout`;
 * `refused` if the worker answers that it cannot take control.
 */
export const register = async (
  scriptUrl: string | URL,
  {timeoutSeconds = 20, activateWaiting = false, ...options}: RegisterOptions = {},
): Promise<Workbox> => {
  const container = serviceWorkers();
  const workbox = new Workbox(String(scriptUrl), options);
  let step = 'the browser to register the worker';

  const steps = async (): Promise<void> => {
    const registration = await registerScript(workbox, String(scriptUrl));
    if (!location.href.startsWith(registration.scope)) {
      throw new HoldfastError(
        'out-of-scope',
        `The worker's scope is ${registration.scope}, which does not cover this page, ${shownUrl(location.href)}.`,
      );
    }
    step = 'the worker to be installed and activated. Is it waiting for the pages of an older one to close?';
    const worker = await activated(registration, new URL(scriptUrl, location.href).href);
    step = `the worker to take control of the page. ${IS_IT_OURS}`;
    const hasAnswered = await controlled(container, worker, timeoutSeconds);
    const waiting = hasAnswered ? undefined : await waitingWorker(registration);
    if (waiting) {
      if (!activateWaiting) {
        throw waitingError();
      }
      step =
        'the new worker to replace the older one. Does it call skipWaiting() on the message SKIP_WAITING?';
      await replace(container, workbox, waiting);
    }
  };

  await withTimeLimit(steps, {timeoutSeconds}, () => step);
  return workbox;
};
