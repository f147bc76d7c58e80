import {matchesInside, matchOf, routesFor} from './missedRoutes.ts';
import {missSentence} from './missSentence.ts';
import {Warnings} from './Warnings.ts';
import type {WorkerState} from './WorkerState.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * Warns in a development build, once for each URL, where no route takes a request although the RegExp of one matches in the
 * middle of its URL. Workbox says so on a level that the console hides, and not what to do.
 */
export class MissWarnings {
  constructor(worker: WorkerState) {
    self.addEventListener('fetch', (event) => {
      const {request} = event;
      const asked = {url: new URL(request.url), request, event};
      const routes = routesFor(request.method);
      const inside = routes.filter((route) => matchesInside(route, asked));
      const [first] = inside;
      // Asking those again would have Workbox say it twice.
      if (first && !routes.some((route) => !inside.includes(route) && matchOf(route, asked))) {
        const miss = {index: routes.indexOf(first) + 1, because: 'origin', takes: []} as const;
        worker.part(Warnings).once(missSentence(request.url, miss));
      }
    });
  }
}
