import {EVENT_CHANNEL, type WorkerEvent} from './protocol.ts';

/** Reports to every page of the origin. Nothing in a worker listens. */
export class Channel {
  private channel: BroadcastChannel | undefined;

  report(event: WorkerEvent): void {
    this.channel ??= new BroadcastChannel(EVENT_CHANNEL);
    this.channel.postMessage(event);
  }
}
