import {after} from './after.ts';
import {watchForLeftovers} from './leftovers.ts';
import {isOfQuota} from './makeRoom.ts';
import type {DownloadFailure, DownloadStateAnswer, LargeFilesMessages} from './messages.ts';
import {FileChanged, UpstreamFailure} from './Upstream.ts';
import {type Course, courseOf} from './watched.ts';

declare const self: ServiceWorkerGlobalScope;

const TYPE = 'HOLDFAST_DOWNLOAD_STATE' satisfies keyof LargeFilesMessages;

/** How long an answer may take. Whoever asks learns by it that the worker is alive. */
const ANSWER_WITHIN_SECONDS = 10;

const failureOf = (error: unknown): DownloadFailure => {
  if (error instanceof UpstreamFailure) {
    return {reason: 'status', status: error.status};
  }
  if (isOfQuota(error)) {
    return {reason: 'quota-exceeded'};
  }
  const {name} = Object(error) as Partial<Error>;
  // A TypeError is that of a connection. https://fetch.spec.whatwg.org/#fetch-method
  const isInterrupted = error instanceof TypeError || error instanceof FileChanged || name === 'AbortError';
  return {reason: isInterrupted ? 'interrupted' : 'storage-failed'};
};

const answerOf = async (course: Course | undefined): Promise<DownloadStateAnswer> => {
  if (!course) {
    return {state: 'unknown'};
  }
  const {url: key} = await course.key;
  const {end, download} = course;
  const failure = end && 'error' in end ? end.error : download?.storageFailure;
  if (failure !== undefined) {
    return Object.assign({state: 'failed', key} as const, failureOf(failure));
  }
  const isWhole = download?.isWhole;
  if (!end) {
    return {state: isWhole ? 'storing' : 'running', key};
  }
  const isStored = 'isStored' in end && end.isStored;
  return {state: isStored ? 'stored' : isWhole ? 'in-pieces' : 'over', key};
};

const answer = async (payload: unknown): Promise<DownloadStateAnswer> => {
  const {url, known} = Object(payload) as Partial<LargeFilesMessages[typeof TYPE]['request']>;
  if (typeof url !== 'string') {
    throw new TypeError(`payload.url must be a string, but is ${JSON.stringify(url)}.`);
  }
  let found = await answerOf(courseOf(url));
  for (let seconds = 0; found.state === known && seconds < ANSWER_WITHIN_SECONDS; seconds++) {
    await Promise.race([courseOf(url)?.ended, after(1000)]);
    found = await answerOf(courseOf(url));
  }
  return found;
};

/**
 * Lets pages follow a file until it is stored: see {@link LargeFilesMessages}. Call it once, at the top level of the
 * worker. It is what `download()` of `@holdfast/window` needs.
 */
export const handleDownloadMessages = (): void => {
  watchForLeftovers();
  self.addEventListener('message', (event) => {
    const {type, payload} = event.data ?? {};
    if (type === TYPE) {
      const answered = answer(payload).then(
        (payload) => ({type: 'HOLDFAST_ANSWER', payload}),
        (error) => ({type: 'HOLDFAST_ERROR', payload: {message: `${TYPE}: ${error.message}`}}),
      );
      event.waitUntil(answered.then((message) => event.ports[0]?.postMessage(message)));
    }
  });
};
