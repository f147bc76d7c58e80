/**
 * What teams write by hand, as the control: cache first on the request, looked up in all caches, and on a
 * message every cache of the prefix is deleted but the new version's. Tests show with it the failures that
 * the plugins are there for.
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
