// The demo's whole service worker: it makes heavy assets load once, and work offline from then on.

import {
  budgets,
  downloads,
  inspection,
  listing,
  registerAssets,
  release,
  staging,
} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {clientsClaim} from 'workbox-core';
import {precacheAndRoute} from 'workbox-precaching';
import {Route, registerRoute} from 'workbox-routing';
import {CacheFirst, NetworkFirst} from 'workbox-strategies';
import {PAGE_DATA, PAGE_DATA_CACHE} from '../pageData.ts';
import {readOrigins} from '../readOrigins.ts';

declare const self: ServiceWorkerGlobalScope & {__WB_MANIFEST: {url: string; revision: string}[]};

importScripts('/origins.js');
const {hub, jsdelivr, cors, noCors} = readOrigins();

// 1. The page itself, so that it opens offline, and the small files that it reads when it starts.
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(
  ({url, sameOrigin}) => sameOrigin && PAGE_DATA.includes(url.pathname),
  new NetworkFirst({cacheName: PAGE_DATA_CACHE}),
);
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(PAGE_DATA_CACHE).then((cache) => cache.addAll(PAGE_DATA)));
});

// 2. What the demo adds to the defaults: on localhost, ports stand for the real hosts. A project describes a
// mirror of its own in the same way. Staging makes its keys as the routes do, so this is all that it needs,
// too.
const mirrors = [
  {hosts: new URL(hub).hostname, path: '^/buckets/[^/]+/[^/]+/resolve/', drop: 'download'},
  {hosts: new URL(jsdelivr).hostname, path: '^/(npm|pyodide)/', drop: '.*'},
];
const stableKey = {providers: mirrors};
const quotaGuard = {corsHosts: [hub, jsdelivr, cors].map((origin) => new URL(origin).host)};

registerAssets(
  [
    // 3. Releases: each version has a cache of its own. The locale of the URL selects the line.
    release({
      name: 'mailwoman-assets',
      url: `${hub}/buckets/mailwoman/assets/resolve/:locale/:version/*`,
      stableKey,
      quotaGuard,
    }),
    release({name: 'pyodide', url: `${jsdelivr}/pyodide/:version/full/*`, stableKey, quotaGuard}),
    release({
      name: 'onnxruntime-web',
      url: `${jsdelivr}/npm/onnxruntime-web@:version/dist/*`,
      stableKey,
      quotaGuard,
    }),

    // 4. A large file: an interrupted download resumes, and requests for a range are answered.
    release({name: 'large-file', url: `${cors}/large/:version/*`, resumable: true, stableKey, quotaGuard}),

    // 5. A route of Workbox, for the experiment with opaque responses. Only the second host answers with CORS
    // headers.
    new Route(
      ({url}) => [noCors, cors].includes(url.origin),
      new CacheFirst({cacheName: 'demo-pictures', plugins: [new QuotaGuardPlugin(quotaGuard)]}),
    ),
  ],
  // 6. What the page can ask for on top of switching and rolling back. The budget is about all of the routes above. What is
  // current, kept for a rollback or staged is not deleted for it: a file that finds no room is not stored.
  {features: [staging(), downloads(), listing(), inspection(), budgets({maxBytes: '400 MB'})]},
);
void self.skipWaiting();
clientsClaim();
