import {holdsSecret} from '../http/holdsSecret.ts';
import {publicKey} from '../http/partition.ts';
import {shownUrl} from '../http/shownUrl.ts';
import {EVENT_CHANNEL, type WorkerEvent} from './protocol.ts';

/** A key that no plugin has made is the page's URL, in which there may be a secret. Whose it is concerns no page. */
const hideSecret = (event: WorkerEvent): WorkerEvent => {
  const {type, payload} = event;
  const known = 'key' in payload ? publicKey(payload.key) : '';
  const key = holdsSecret(known) ? shownUrl(known) : known;
  return 'key' in payload && key !== payload.key
    ? ({type, payload: Object.assign({}, payload, {key})} as WorkerEvent)
    : event;
};

/**
 * Reports to every page of the origin, and no secrets. A worker with accounts listens for sign-outs in others, and reads the
 * record of them. Where the browser has no such channel (Safari before 15.4), pages learn less; nothing else depends on it.
 */
export class Channel {
  /** Called with each event, as it is: what the worker itself keeps of them. */
  readonly observers = new Set<(event: WorkerEvent) => void>();
  private channel: BroadcastChannel | undefined;

  report(event: WorkerEvent): void {
    for (const observe of this.observers) {
      observe(event);
    }
    try {
      this.channel ??= new BroadcastChannel(EVENT_CHANNEL);
      this.channel.postMessage(hideSecret(event));
    } catch {
      // A report must not fail what it is about.
    }
  }
}
