import {listing, registerAssets} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst, StaleWhileRevalidate} from 'workbox-strategies';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
registerAssets([], {features: [listing()]});

const scoped = (prefix: string, pattern: RegExp) => ({
  plugins: [new StableKeyPlugin(), new QuotaGuardPlugin(), new VersionScopePlugin({prefix, pattern})],
});

const cacheFirst = (prefix: string, pattern: RegExp) => new CacheFirst(scoped(prefix, pattern));

registerRoute(
  ({url}) => url.hostname === 'huggingface.co' || url.hostname.endsWith('hf.co'),
  cacheFirst('mailwoman-assets', /\/resolve\/(?<locale>[^/]+)\/(?:(?<version>v[^/]+)\/)?/),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/pyodide/'),
  cacheFirst('pyodide', /\/pyodide\/v(?<version>[^/]+)\//),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/npm/onnxruntime-web'),
  cacheFirst('onnxruntime-web', /\/onnxruntime-web@(?<version>[^/]+)\//),
);
registerRoute(({url}) => url.pathname.startsWith('/docs/'), cacheFirst('docs', /\/docs\/(?<version>v\d+)\//));
registerRoute(
  ({url}) => url.pathname.startsWith('/live/'),
  new StaleWhileRevalidate(scoped('live', /\/live\/(?<version>v\d+)\//)),
);
registerRoute(
  ({url}) => url.hostname.startsWith('assets.'),
  new CacheFirst({
    cacheName: 'assets',
    plugins: [new StableKeyPlugin(), new QuotaGuardPlugin({corsHosts: ['assets.cors.test']})],
  }),
);
