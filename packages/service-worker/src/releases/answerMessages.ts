import {logger} from 'workbox-core/_private/logger.js';
import {isLineOf, scopes} from './scopes.ts';
import {isTurnedOff} from './turnedOff.ts';

declare const self: ServiceWorkerGlobalScope;

/** What came with a message, which may be anything. */
export type Payload = Partial<Record<string, unknown>>;

/** A function for each type of message, which makes the payload of the answer. */
export type Handlers<Messages extends {[Type in keyof Messages]: {answer: unknown}}> = {
  [Type in keyof Messages]: (
    payload: Payload,
    event: ExtendableMessageEvent,
  ) => Promise<Messages[Type]['answer']>;
};

/** The text in a field of a payload, or an error that says what is wrong with it. */
export const text = (payload: Payload, field: string): string => {
  const value = payload[field];
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(
      `payload.${field} must be a string that is not empty, but is ${JSON.stringify(value)}.`,
    );
  }
  return value;
};

/** The line that a payload names, provided that a plugin of this worker looks after it. */
export const knownLine = (payload: Payload): string => {
  const line = text(payload, 'line');
  if (!isLineOf(scopes, line)) {
    const prefixes = scopes.map(({prefix}) => `'${prefix}'`).join(', ') || 'none';
    throw new TypeError(
      `payload.line is '${line}', which begins with no prefix of this worker (${prefixes}).`,
    );
  }
  return line;
};

export const refuseIfTurnedOff = (): void => {
  if (isTurnedOff()) {
    throw new Error('this worker has been turned off. Reload the page, or register the worker again.');
  }
};

/** The id of the page that has sent a message. */
export const clientOf = ({source}: ExtendableMessageEvent): string | undefined =>
  (source as Client | null)?.id;

/**
 * Answers messages of some types on `event.ports[0]`: with `{type: 'HOLDFAST_ANSWER', payload}`, or with
 * `{type: 'HOLDFAST_ERROR', payload: {message}}`. Others are left alone.
 */
export const answerMessages = <Messages extends {[Type in keyof Messages]: {answer: unknown}}>(
  handlers: Handlers<Messages>,
): void => {
  const answer = async (type: keyof Messages, payload: unknown, event: ExtendableMessageEvent) => {
    try {
      return {type: 'HOLDFAST_ANSWER', payload: await handlers[type](Object(payload), event)};
    } catch (error) {
      const message = `${String(type)}: ${error instanceof Error ? error.message : String(error)}`;
      if (process.env.NODE_ENV !== 'production') {
        logger.error(message);
      }
      return {type: 'HOLDFAST_ERROR', payload: {message}};
    }
  };
  self.addEventListener('message', (event) => {
    const {type, payload} = event.data ?? {};
    if (typeof type === 'string' && Object.hasOwn(handlers, type)) {
      const answered = answer(type as keyof Messages, payload, event);
      event.waitUntil(answered.then((message) => event.ports[0]?.postMessage(message)));
    }
  });
};
