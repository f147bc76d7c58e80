import {credentialOf} from '../http/credentials.ts';
import {accountOf} from '../http/partition.ts';
import {shownUrl} from '../http/shownUrl.ts';
import {headersIn} from '../messages/headersIn.ts';
import {Jobs} from '../messages/Jobs.ts';
import type {Handlers} from '../messages/MessageListener.ts';
import {textIn} from '../messages/textIn.ts';
import {strategyFor} from '../worker/routes.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {DownloadWork} from './DownloadWork.ts';
import {ResumableCacheFirst} from './ResumableCacheFirst.ts';

/** Makes the request that the page would make. With another `Accept`, it could store what answers no page. */
const requestFor = (
  url: string,
  headers: Headers = new Headers(),
  source: ExtendableMessageEvent['source'],
): Request => {
  headers.set('accept', headers.get('accept') ?? '*/*');
  return new Request(url, {headers, referrer: (source as Client | null)?.url ?? 'about:client'});
};

/** Answers the messages of `download()` of `@holdfast/window`. */
export const downloadMessages = (worker: WorkerState): Handlers<'HOLDFAST_DOWNLOAD'> => {
  const jobs = worker.part(Jobs);
  return {
    HOLDFAST_DOWNLOAD: async (payload, event) => {
      const url = textIn(payload, 'url');
      const asker = textIn(payload, 'asker');
      const request = requestFor(url, headersIn(payload), event.source);
      const strategy = strategyFor(request, event);
      if (!(strategy instanceof ResumableCacheFirst)) {
        throw new Error(
          `no route with ResumableCacheFirst answers '${shownUrl(url)}'; use handler: 'ResumableCacheFirst' or a recipe with resumable: true`,
        );
      }
      // Two accounts have two downloads of a URL.
      const credential = credentialOf(request);
      const account = credential && (await accountOf(credential));
      return jobs.start(
        `download ${url} ${account}`,
        asker,
        event,
        new DownloadWork(strategy, request, event),
      );
    },
  };
};
