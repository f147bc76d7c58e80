/** Reports unhandled rejections as events: tests expect none. */
declare const self: ServiceWorkerGlobalScope;

self.addEventListener('unhandledrejection', ({reason}) => {
  new BroadcastChannel('holdfast').postMessage({
    type: 'UNHANDLED_REJECTION',
    payload: {reason: String(reason)},
  });
});
