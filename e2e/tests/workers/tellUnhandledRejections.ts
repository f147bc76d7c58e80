/** No failure may end as an unhandled rejection: tests look for this event. */
declare const self: ServiceWorkerGlobalScope;

self.addEventListener('unhandledrejection', ({reason}) => {
  new BroadcastChannel('holdfast').postMessage({
    type: 'UNHANDLED_REJECTION',
    payload: {reason: String(reason)},
  });
});
