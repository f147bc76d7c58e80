/**
 * Workbox's strategies name two classes that only a service worker has. With these, tests beside the source
 * can run them in a page, on the browser's own Cache and IndexedDB. Whole workers are tested in e2e/tests.
 */
class PageExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void {
    promise.catch(() => undefined);
  }
}

Object.assign(globalThis, {
  ExtendableEvent: PageExtendableEvent,
  FetchEvent: class extends PageExtendableEvent {},
  // A page sees no clients.
  clients: {matchAll: async () => []},
  __WB_DISABLE_DEV_LOGS: true,
});
