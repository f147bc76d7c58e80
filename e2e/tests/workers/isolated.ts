/** The worker of the tests on isolated pages. Its query is the policy, `/isolated.js?require-corp`; or there is none. */

import {listing, registerAssets} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {CrossOriginIsolationPlugin, type EmbedderPolicy} from '@holdfast/service-worker/isolation';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {addPlugins, precacheAndRoute} from 'workbox-precaching';
import {registerRoute} from 'workbox-routing';
import {CacheFirst, NetworkFirst} from 'workbox-strategies';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
registerAssets([], {features: [listing()]});

const embedderPolicy = self.location.search.slice(1);
const isolation = embedderPolicy
  ? [new CrossOriginIsolationPlugin({embedderPolicy: embedderPolicy as EmbedderPolicy})]
  : [];

addPlugins(isolation);
precacheAndRoute([{url: '/precached/index.html', revision: '1'}], {ignoreURLParametersMatching: [/./]});

registerRoute(
  ({request, sameOrigin}) =>
    sameOrigin && ['document', 'iframe', 'worker', 'sharedworker'].includes(request.destination),
  new NetworkFirst({cacheName: 'pages', plugins: isolation}),
);
registerRoute(({sameOrigin}) => sameOrigin, new NetworkFirst({cacheName: 'app'}));

const guard = new QuotaGuardPlugin({corsHosts: ['assets.cors.test']});

const cacheFirst = (prefix: string, pattern: RegExp) =>
  new CacheFirst({
    plugins: [new StableKeyPlugin(), guard, new VersionScopePlugin({prefix, pattern}), ...isolation],
  });

registerRoute(
  ({url}) => url.hostname === 'huggingface.co',
  cacheFirst('mailwoman-assets', /\/resolve\/(?<locale>[^/]+)\/(?<version>v[^/]+)\//),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/pyodide/'),
  cacheFirst('pyodide', /\/pyodide\/v(?<version>[^/]+)\//),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/npm/onnxruntime-web'),
  cacheFirst('onnxruntime-web', /\/onnxruntime-web@(?<version>[^/]+)\//),
);
registerRoute(
  ({url}) => url.hostname.startsWith('assets.'),
  new CacheFirst({cacheName: 'assets', plugins: [guard, ...isolation]}),
);
