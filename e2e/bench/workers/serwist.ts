import {CacheFirst, RangeRequestsPlugin, Serwist} from 'serwist';

new Serwist({
  skipWaiting: true,
  clientsClaim: true,
  runtimeCaching: [
    {
      matcher: ({sameOrigin}) => !sameOrigin,
      handler: new CacheFirst({cacheName: 'serwist', plugins: [new RangeRequestsPlugin()]}),
    },
  ],
}).addEventListeners();
