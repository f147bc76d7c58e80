import {RangeRequestsPlugin} from 'workbox-range-requests';
import {CacheFirst} from 'workbox-strategies';
import {serve} from './serve.ts';

serve(new CacheFirst({cacheName: 'range', plugins: [new RangeRequestsPlugin()]}));
