import {serve} from './serve.ts';

const CACHE = 'handwritten-range';

/** Cache first. Ranges are cut out of the complete file in memory, as recipes for video do. */
serve({
  handle: async ({request, event}) => {
    const hit = await caches.match(request.url, {cacheName: CACHE});
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '') ?? [];
    if (hit && first && last) {
      const bytes = await hit.arrayBuffer();
      return new Response(bytes.slice(Number(first), Number(last) + 1), {
        status: 206,
        headers: {'content-range': `bytes ${first}-${last}/${bytes.byteLength}`},
      });
    }
    if (hit) {
      return hit;
    }
    const response = await fetch(request);
    const copy = response.clone();
    event.waitUntil(caches.open(CACHE).then((cache) => cache.put(request, copy)));
    return response;
  },
});
