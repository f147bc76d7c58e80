import {shownUrl} from '@holdfast/service-worker/http';
import {type Explanation, nothingKnown} from '@holdfast/service-worker/messages';
import {HoldfastError} from './HoldfastError.ts';
import {sentencesOf} from './sentencesOf.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/** Options of {@link explain}: what the request is like, where that is not `fetch(url)`. */
export interface ExplainOptions extends TimeLimit {
  /** What the file is for, as routes see it: `image`, `script`, `document`, … See `Request.destination`. */
  destination?: RequestDestination | undefined;
}

/** What becomes of a URL, and why. */
export interface UrlExplanation extends Explanation {
  /** Whether the requests of this page go through the worker. */
  isControlled: boolean;
  /** All of it in plain English, the most important first, each with what to do. */
  sentences: string[];
}

/** Returns the absolute URL; a sentence where no worker can get a request for it. */
const absolute = (url: string): {href: string} | {sentence: string} => {
  try {
    const {href, protocol} = new URL(url, document.baseURI);
    return /^https?:$/.test(protocol)
      ? {href}
      : {
          sentence: `Service workers get no requests for ${protocol} URLs, so nothing is stored. Use an http(s) URL.`,
        };
  } catch {
    return {sentence: `'${shownUrl(url)}' is no URL. Correct it.`};
  }
};

/** Says why there is no worker to ask. */
const withoutWorker = async (
  container: ServiceWorkerContainer,
  registration: ServiceWorkerRegistration | undefined,
): Promise<string> => {
  if (registration) {
    return (
      'The worker is still being installed: nothing is stored yet. Wait for register(), and look for errors of the worker ' +
      'in the console.'
    );
  }
  const [other] = await container.getRegistrations();
  return other
    ? `No worker covers this page. The scope of the registered one is '${shownUrl(other.scope)}'. Serve its script from a ` +
        'folder above the page, or send Service-Worker-Allowed with it and register it with that scope.'
    : 'No service worker is registered for this page, so nothing is stored. Call register() first.';
};

/**
 * Explains what becomes of a URL: which route takes it, its key and release, whether it is stored and where, and if not, why.
 * It requests nothing, and changes nothing.
 *
 * The absence of a worker, and a URL that no worker can get, are answers, too.
 *
 * @param url the one that the page requests; or the request itself, which is not sent.
 * @param options `timeoutSeconds` is 10 by default.
 * @throws HoldfastError `unsupported` (the worker has no `inspection()`), `refused` (storage cannot be read), `timeout`.
 *
 * @example
 * const {sentences} = await explain('https://huggingface.co/a/b/resolve/main/model.onnx');
 * console.log(sentences.join('\n'));
 */
export const explain = async (
  url: string | URL | Request,
  {timeoutSeconds = 10, destination}: ExplainOptions = {},
): Promise<UrlExplanation> => {
  const request = url instanceof Request ? url : undefined;
  const text = request?.url ?? String(url);
  const only = (sentence: string): UrlExplanation => ({
    ...nothingKnown(text),
    isControlled: false,
    sentences: [sentence],
  });
  const where = absolute(text);
  if ('sentence' in where) {
    return only(where.sentence);
  }
  let container: ServiceWorkerContainer;
  try {
    container = serviceWorkers();
  } catch (error) {
    return only(`${(error as HoldfastError).message} Nothing is stored.`);
  }
  const limit = {timeoutSeconds};
  const registration = await withTimeLimit(
    () => container.getRegistration(),
    limit,
    () => 'the registration of the worker',
  );
  const {controller} = container;
  const worker = controller ?? registration?.active;
  if (!worker) {
    return only(
      await withTimeLimit(
        () => withoutWorker(container, registration),
        limit,
        () => 'registrations',
      ),
    );
  }
  const {method, mode, headers} = request ?? {};
  const asked = {
    url: where.href,
    method,
    mode,
    headers: Object.fromEntries(headers ?? []),
    destination: destination ?? request?.destination,
  };
  const isControlled = controller !== null;
  const isNewerWaiting = Boolean(registration?.waiting);
  try {
    const explanation = await ask('HOLDFAST_EXPLAIN', asked, timeoutSeconds);
    return {
      ...explanation,
      isControlled,
      sentences: sentencesOf(explanation, {isControlled, isNewerWaiting}),
    };
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'waiting') {
      return {...only(error.message), isControlled};
    }
    throw error;
  }
};
