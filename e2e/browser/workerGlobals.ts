/**
 * Workbox's strategies use two classes that only service workers have. With these, tests beside the source
 * run strategies in a page, with the browser's own Cache and IndexedDB. Complete workers are tested in
 * e2e/tests.
 */
class PageExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void {
    promise.catch(() => undefined);
  }
}

Object.assign(globalThis, {
  ExtendableEvent: PageExtendableEvent,
  FetchEvent: class extends PageExtendableEvent {},
  // A page has no clients.
  clients: {matchAll: async () => []},
  __WB_DISABLE_DEV_LOGS: true,
});
