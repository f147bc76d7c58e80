import type {AnswerMessage, MessageType} from '@holdfast/service-worker/messages';

/** A message as it reaches a worker. */
export interface Message {
  type: MessageType;
  payload: Record<string, unknown>;
}

/** Returns what takes the place of the worker that controls the page, and answers each message at once, or not at all. */
export const fakeController = (answerTo: (message: Message) => AnswerMessage | undefined): ServiceWorker => {
  const worker = {
    postMessage: (message: Message, [port]: [MessagePort]) => {
      const answer = answerTo(message);
      if (answer !== undefined) {
        port.postMessage(answer);
      }
    },
  };
  return worker as unknown as ServiceWorker;
};
