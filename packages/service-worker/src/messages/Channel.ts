import {EVENT_CHANNEL, type WorkerEvent} from './protocol.ts';

/**
 * Reports to every page of the origin. Nothing in a worker listens. Where the browser has no such channel (Safari before
 * 15.4), pages learn less; nothing else depends on it.
 */
export class Channel {
  private channel: BroadcastChannel | undefined;

  report(event: WorkerEvent): void {
    try {
      this.channel ??= new BroadcastChannel(EVENT_CHANNEL);
      this.channel.postMessage(event);
    } catch {
      // A report must not fail what it is about.
    }
  }
}
