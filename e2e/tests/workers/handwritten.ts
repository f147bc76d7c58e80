/**
 * A worker as teams write it by hand: cache first, looked up in all caches. A switch deletes all caches of the prefix except
 * that of the new version. Tests show with it which failures the plugins prevent.
 */
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

const PREFIX = 'mailwoman-assets';
const locale = 'en-us';
let version = 'v0.6.0';

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  if (event.data?.type === 'SWITCH') {
    version = event.data.version;
    event.waitUntil(
      caches
        .keys()
        .then((names) =>
          Promise.all(
            names
              .filter((name) => name.startsWith(PREFIX) && name !== `${PREFIX}-${locale}-${version}`)
              .map((name) => caches.delete(name)),
          ),
        )
        .then(() => event.ports[0]?.postMessage('switched')),
    );
  }
});

self.addEventListener('fetch', (event) => {
  const {request} = event;
  if (request.method !== 'GET' || new URL(request.url).origin === self.location.origin) {
    return;
  }
  event.respondWith(
    (async () => {
      const hit = await caches.match(request);
      if (hit) {
        return hit;
      }
      const response = await fetch(request);
      if (response.ok || response.type === 'opaque') {
        const cache = await caches.open(`${PREFIX}-${locale}-${version}`);
        event.waitUntil(cache.put(request, response.clone()));
      }
      return response;
    })(),
  );
});
