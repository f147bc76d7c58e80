import {serve} from './serve.ts';

/** Cache first, with a look-up in all caches. */
serve({
  handle: async ({request, event}) => {
    const hit = await caches.match(request);
    if (hit) {
      return hit;
    }
    const response = await fetch(request);
    const copy = response.clone();
    event.waitUntil(caches.open('handwritten').then((cache) => cache.put(request, copy)));
    return response;
  },
});
