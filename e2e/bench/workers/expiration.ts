import {ExpirationPlugin} from 'workbox-expiration';
import {CacheFirst} from 'workbox-strategies';
import {serve} from './serve.ts';

serve(
  new CacheFirst({
    cacheName: 'expiration',
    plugins: [new ExpirationPlugin({maxEntries: 50, maxAgeSeconds: 30 * 24 * 60 * 60})],
  }),
);
