// The whole service worker of the demo: everything that makes a heavy asset load once, and offline from then on.

import {handleDownloadMessages, ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {createStableKey, StableKeyPlugin} from '@holdfast/service-worker/keys';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/service-worker/releases';
import {handleReleaseMessages} from '@holdfast/service-worker/releases/stage';
import {clientsClaim} from 'workbox-core';
import {precacheAndRoute} from 'workbox-precaching';
import {registerRoute} from 'workbox-routing';
import {CacheFirst, NetworkFirst} from 'workbox-strategies';
import {PAGE_DATA, SHELL_DATA_CACHE} from '../pageData.ts';
import {readOrigins} from '../readOrigins.ts';

declare const self: ServiceWorkerGlobalScope & {__WB_MANIFEST: {url: string; revision: string}[]};

importScripts('/origins.js');
const {hub, jsdelivr, cors, noCors} = readOrigins();

// 1. The page itself, so that it comes back offline, and the two small files that it reads at its start.
precacheAndRoute(self.__WB_MANIFEST);
registerRoute(
  ({url, sameOrigin}) => sameOrigin && PAGE_DATA.includes(url.pathname),
  new NetworkFirst({cacheName: SHELL_DATA_CACHE}),
);
self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL_DATA_CACHE).then((cache) => cache.addAll(PAGE_DATA)));
});

// 2. Heavy assets: one cache for every release. The plugins know the real hosts. Where the demo runs on localhost
// ports, they are told what the ports stand for, as a project would tell them about a mirror of its own.
const mirrors = [
  {hosts: new URL(hub).hostname, path: '^/buckets/[^/]+/[^/]+/resolve/', drop: 'download'},
  {hosts: new URL(jsdelivr).hostname, path: '^/(npm|pyodide)/', drop: '.*'},
];
const corsHosts = [hub, jsdelivr, cors].map((origin) => new URL(origin).host);

const plugins = (prefix: string, pattern: RegExp) => [
  new StableKeyPlugin({providers: mirrors}),
  new QuotaGuardPlugin({corsHosts}),
  new VersionScopePlugin({prefix, pattern}),
];
const heavyAssets = (prefix: string, pattern: RegExp) => new CacheFirst({plugins: plugins(prefix, pattern)});

registerRoute(
  ({url}) => url.href.startsWith(`${hub}/buckets/mailwoman/assets/resolve/`),
  heavyAssets('mailwoman-assets', /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//),
);
registerRoute(
  ({url}) => url.href.startsWith(`${jsdelivr}/pyodide/`),
  heavyAssets('pyodide', /\/pyodide\/(?<version>v[^/]+)\/full\//),
);
registerRoute(
  ({url}) => url.href.startsWith(`${jsdelivr}/npm/onnxruntime-web@`),
  heavyAssets('onnxruntime-web', /\/onnxruntime-web@(?<version>[^/]+)\/dist\//),
);

// 3. A large file: the same plugins, and a strategy that goes on where a download has stopped, and answers ranges.
registerRoute(
  ({url}) => url.href.startsWith(`${cors}/large/`),
  new ResumableCacheFirst({plugins: plugins('large-file', /\/large\/(?<version>[^/]+)\//)}),
);

// 4. Pictures of two other hosts, for the experiment with opaque responses. Only the second one answers CORS.
registerRoute(
  ({url}) => [noCors, cors].includes(url.origin),
  new CacheFirst({cacheName: 'demo-pictures', plugins: [new QuotaGuardPlugin({corsHosts})]}),
);

// 5. Answers the page: stage and verify a release, switch a version, roll it back, list what is stored, turn it all off,
// and stay with a download until it is stored.
handleVersionMessages();
handleReleaseMessages({stableKey: createStableKey({providers: mirrors})});
handleDownloadMessages();
self.skipWaiting();
clientsClaim();
