import {shownText} from '../http/shownUrl.ts';
import {Warnings} from '../worker/Warnings.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {inTurn} from './inTurn.ts';
import type {AnswerMessage, Messages, MessageType} from './protocol.ts';

declare const self: ServiceWorkerGlobalScope;

/** What came with a message, which may be anything. */
export type Payload = Partial<Record<string, unknown>>;

/** A function for each type of message, which makes the payload of the answer. */
export type Handlers<Type extends MessageType = MessageType> = {
  [Each in Type]: (payload: Payload, event: ExtendableMessageEvent) => Promise<Messages[Each]['answer']>;
};

/** How many messages of a type are handled at a time. */
const AT_A_TIME = 8;

type Handler = (payload: Payload, event: ExtendableMessageEvent) => Promise<unknown>;

/** The one listener of a worker. It answers on `event.ports[0]`, and leaves messages of other libraries alone. */
export class MessageListener {
  private readonly handlers: Partial<Handlers> = {};
  private readonly worker: WorkerState;
  private isListening = false;

  constructor(worker: WorkerState) {
    this.worker = worker;
  }

  /**
   * Answers messages of some types from now on, a few of each type at a time. The first call must be made while the
   * worker's script runs. https://w3c.github.io/ServiceWorker/#execution-context-events
   */
  answer(handlers: Partial<Handlers>): void {
    this.answerAtOnce(
      Object.fromEntries(
        Object.entries(handlers).map(([type, handle]) => [type, inTurn(handle as Handler, AT_A_TIME)]),
      ),
    );
  }

  /** As {@link answer}, for handlers that wait more than they work. */
  answerAtOnce(handlers: Partial<Handlers>): void {
    Object.assign(this.handlers, handlers);
    if (!this.isListening) {
      this.isListening = true;
      self.addEventListener('message', (event) => {
        const {type, payload} = Object(event.data);
        if (typeof type === 'string' && type.startsWith('HOLDFAST_')) {
          const answered = this.answerTo(type as MessageType, Object(payload), event);
          event.waitUntil(answered.then((message) => event.ports[0]?.postMessage(message)));
        }
      });
    }
  }

  private async answerTo(
    type: MessageType,
    payload: Payload,
    event: ExtendableMessageEvent,
  ): Promise<AnswerMessage> {
    try {
      const handler = Object.hasOwn(this.handlers, type) ? this.handlers[type] : undefined;
      if (!handler) {
        return {type: 'HOLDFAST_ERROR', payload: {message: `${type}: not supported.`, isUnsupported: true}};
      }
      return {type: 'HOLDFAST_ANSWER', payload: await handler(payload, event)};
    } catch (error) {
      // A browser's error names the URL that it is about.
      const message = shownText(`${type}: ${error instanceof Error ? error.message : String(error)}`);
      if (process.env.NODE_ENV !== 'production') {
        this.worker.part(Warnings).once(message);
      }
      return {type: 'HOLDFAST_ERROR', payload: {message}};
    }
  }
}
