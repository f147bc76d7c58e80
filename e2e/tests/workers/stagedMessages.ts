/** The worker `staged`, which reports each message that it receives on the channel `messages`. */
import './staged.ts';

declare const self: ServiceWorkerGlobalScope;

const channel = new BroadcastChannel('messages');

self.addEventListener('message', ({data}) => channel.postMessage(data));
