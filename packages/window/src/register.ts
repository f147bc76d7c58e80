import {Workbox} from 'workbox-window';
import {ask} from './ask.ts';
import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/** Options of {@link register}: those of `navigator.serviceWorker.register()`, and a time limit. */
export interface RegisterOptions extends RegistrationOptions, TimeLimit {}

const registerScript = async (workbox: Workbox): Promise<ServiceWorkerRegistration> => {
  try {
    const registration = await workbox.register({immediate: true});
    if (registration) {
      return registration;
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HoldfastError('registration-failed', `The worker was not registered: ${reason}`, {cause});
  }
  throw new HoldfastError('registration-failed', 'The worker was not registered.');
};

/** Waits until the worker with this script is active, however far its installation is. */
const activated = async (
  {active, waiting, installing}: ServiceWorkerRegistration,
  script: string,
): Promise<ServiceWorker> => {
  // The active one first: where it has this script, what is being installed is an update that may wait.
  const worker = [active, waiting, installing].find((one) => one?.scriptURL === script);
  if (!worker) {
    throw new HoldfastError('install-failed', 'The worker is gone: its installation failed.');
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
            'The worker was given up: its installation failed, or it removes itself.',
          ),
        );
      }
    });
  });
};

/** Asks the worker to take control of the page, and waits until it has it. */
const controlled = async (
  container: ServiceWorkerContainer,
  worker: ServiceWorker,
  timeoutSeconds: number,
): Promise<void> => {
  // By the script: meanwhile an update of the worker may have taken its place.
  const isControlled = () => container.controller?.scriptURL === worker.scriptURL;
  const change = new Promise<void>((resolve) => {
    container.addEventListener('controllerchange', () => isControlled() && resolve());
  });
  // It may not claim its pages by itself; it does not after a hard reload, which leaves the page without a worker
  // although one is active; and one that was turned off does not know that it is wanted again.
  // https://w3c.github.io/ServiceWorker/#clients-claim
  const turnedOn = ask('HOLDFAST_TURN_ON', {}, timeoutSeconds, worker);
  if (isControlled()) {
    // A worker without an answer to this serves the page all the same.
    turnedOn.catch(() => undefined);
    return;
  }
  await Promise.race([change, turnedOn]);
  await (isControlled() || change);
};

/**
 * Registers a worker and resolves when it controls this page, so that from then on every request goes through
 * it. Works on a first visit, on later ones, and after a hard reload. Never hangs: it ends with a reason when
 * the time is up.
 *
 * On a page that already is under the worker's control it resolves at once, also when a new version of the
 * worker is on its way; listen to the `waiting` event of the returned `Workbox` for that.
 *
 * @param scriptUrl the worker's script.
 * @param options `timeoutSeconds` is 20 by default.
 * @throws HoldfastError `unsupported`, `registration-failed`, `out-of-scope`, `install-failed`, `timeout`; and
 * `refused` when the worker answers that it cannot take control.
 */
export const register = async (
  scriptUrl: string | URL,
  {timeoutSeconds = 20, ...options}: RegisterOptions = {},
): Promise<Workbox> => {
  const container = serviceWorkers();
  const workbox = new Workbox(String(scriptUrl), options);
  let step = 'the browser to register the worker';

  const steps = async (): Promise<void> => {
    const registration = await registerScript(workbox);
    if (!location.href.startsWith(registration.scope)) {
      throw new HoldfastError(
        'out-of-scope',
        `The worker's scope is ${registration.scope}, which does not cover this page, ${location.href}.`,
      );
    }
    step = 'the worker to be installed and activated. Is another one waiting for its pages to close?';
    const worker = await activated(registration, new URL(scriptUrl, location.href).href);
    step = 'the worker to take control of the page. Does the worker call handleVersionMessages()?';
    await controlled(container, worker, timeoutSeconds);
  };

  await withTimeLimit(steps, timeoutSeconds, () => step);
  return workbox;
};
