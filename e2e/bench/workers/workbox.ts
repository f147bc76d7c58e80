import {CacheFirst} from 'workbox-strategies';
import {serve} from './serve.ts';

serve(new CacheFirst({cacheName: 'workbox'}));
