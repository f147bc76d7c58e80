import {logger} from 'workbox-core/_private/logger.js';
import {readCurrentVersions} from './currentVersions.ts';
import {dropCaches} from './dropCaches.ts';
import {listLines} from './listLines.ts';
import type {VersionAnswer, VersionMessages, VersionMessageType} from './messages.ts';
import {isLineOf, scopes} from './scopes.ts';
import {finishSwitches, switchVersion} from './switchVersion.ts';
import {isTurnedOff, setTurnedOff} from './turnedOff.ts';

declare const self: ServiceWorkerGlobalScope;

/** What came with a message, which may be anything. */
type Payload = Partial<Record<string, unknown>>;

type Handlers = {
  [Type in VersionMessageType]: (payload: Payload) => Promise<VersionMessages[Type]['answer']>;
};

/** The text in a field of a payload, or an error that says what is wrong with it. */
const text = (payload: Payload, field: string): string => {
  const value = payload[field];
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(
      `payload.${field} must be a string that is not empty, but is ${JSON.stringify(value)}.`,
    );
  }
  return value;
};

/** The line that a payload names, provided that a plugin of this worker looks after it. */
const knownLine = (payload: Payload): string => {
  const line = text(payload, 'line');
  if (!isLineOf(scopes, line)) {
    const prefixes = scopes.map(({prefix}) => `'${prefix}'`).join(', ') || 'none';
    throw new TypeError(
      `payload.line is '${line}', which begins with no prefix of this worker (${prefixes}).`,
    );
  }
  return line;
};

const HANDLERS: Handlers = {
  HOLDFAST_SWITCH_VERSION: async (payload) => {
    const [line, version] = [knownLine(payload), text(payload, 'version')];
    if (isTurnedOff()) {
      throw new Error('this worker has been turned off. Reload the page, or register the worker again.');
    }
    return {line, version, evicted: await switchVersion(scopes, line, version)};
  },
  HOLDFAST_CURRENT_VERSION: async (payload) => {
    const line = knownLine(payload);
    return {line, version: (await readCurrentVersions()).get(line) ?? null};
  },
  HOLDFAST_LIST_RELEASES: async () => ({lines: await listLines(scopes)}),
  HOLDFAST_TURN_OFF: async () => {
    setTurnedOff(true);
    return {dropped: await dropCaches(scopes)};
  },
  HOLDFAST_TURN_ON: async () => {
    setTurnedOff(false);
    await self.clients.claim();
    return {};
  },
};

const isOurs = (type: unknown): type is VersionMessageType =>
  typeof type === 'string' && Object.hasOwn(HANDLERS, type);

const answer = async (type: VersionMessageType, payload: unknown): Promise<VersionAnswer> => {
  try {
    return {type: 'HOLDFAST_ANSWER', payload: await HANDLERS[type](Object(payload))};
  } catch (error) {
    const message = `${type}: ${error instanceof Error ? error.message : String(error)}`;
    if (process.env.NODE_ENV !== 'production') {
      logger.error(message);
    }
    return {type: 'HOLDFAST_ERROR', payload: {message}};
  }
};

/**
 * Lets pages switch versions, ask for them, and list what is stored: see {@link VersionMessages}. Call it
 * once, at the top level of the worker. Every message is answered on `event.ports[0]`; one that is not
 * Holdfast's is left alone.
 */
export const handleVersionMessages = (): void => {
  self.addEventListener('message', (event) => {
    const {type, payload} = event.data ?? {};
    if (isOurs(type)) {
      event.waitUntil(answer(type, payload).then((message) => event.ports[0]?.postMessage(message)));
    }
  });
  // A kill in the middle of this is no loss: the next start begins it again.
  finishSwitches(scopes).catch(() => undefined);
};
