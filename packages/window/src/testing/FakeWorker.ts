import type {Messages, MessageType} from '@holdfast/service-worker/messages';
import type {ReadEvent} from '../readEvent.ts';
import type {WorkerLink} from '../workerLink.ts';

type Answer = Messages[MessageType]['answer'];

/** A message that the page sent, and how to answer it. */
export interface Sent {
  type: MessageType;
  payload: Record<string, unknown>;
  answer(answer: Answer): void;
  fail(error: Error): void;
  /** Ends as a message does whose worker was killed, when the page has waited long enough for an answer. */
  lose(): void;
}

/** Acts as the worker: a test answers each message by itself. */
export class FakeWorker implements WorkerLink {
  /** The messages that the test has not taken yet. */
  readonly unread: Sent[] = [];
  private readonly listeners = new Set<(event: ReadEvent) => void>();
  private readonly waiting: ((sent: Sent) => void)[] = [];

  ask: WorkerLink['ask'] = (type, payload) =>
    new Promise((resolve, reject) => {
      const answer = resolve as (answer: Answer | undefined) => void;
      const sent = {
        type,
        payload: payload as Sent['payload'],
        answer,
        fail: reject,
        lose: () => answer(undefined),
      };
      const take = this.waiting.shift();
      if (take) {
        take(sent);
      } else {
        this.unread.push(sent);
      }
    });

  listen: WorkerLink['listen'] = (listener, signal) => {
    this.listeners.add(listener);
    signal.addEventListener('abort', () => this.listeners.delete(listener));
  };

  /** How many listen. */
  get listening(): number {
    return this.listeners.size;
  }

  /** Waits for the next message. */
  next(): Promise<Sent> {
    const first = this.unread.shift();
    return first ? Promise.resolve(first) : new Promise((resolve) => this.waiting.push(resolve));
  }

  report(event: ReadEvent): void {
    for (const listener of this.listeners) {
      listener(event);
    }
  }
}
