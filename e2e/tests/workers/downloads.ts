/** The worker of the tests of large files, which says how it stands with them. */
import {handleDownloadMessages, ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {registerRoute} from 'workbox-routing';
import './large.ts';

handleDownloadMessages();

// As large as they are by default.
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
