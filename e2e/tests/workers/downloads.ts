/** The worker of the tests of large files, with the feature for `download()`. */
import {downloads, registerAssets} from '@holdfast/service-worker';
import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import './large.ts';

// With pieces of the default size.
registerRoute(
  ({url}) => url.pathname.startsWith('/ordinary/'),
  new ResumableCacheFirst({cacheName: 'ordinary'}),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/refused/'),
  new ResumableCacheFirst({
    minBytes: 500_000,
    pieceBytes: 65_536,
    plugins: [{cacheWillUpdate: async () => null}],
  }),
);

registerRoute(({url}) => url.pathname.startsWith('/whole/'), new CacheFirst({cacheName: 'whole'}));

registerAssets([], {features: [downloads()]});
