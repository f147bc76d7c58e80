import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {WorkerState} from '../worker/WorkerState.ts';
import {type Handlers, MessageListener, type Payload} from './MessageListener.ts';

let listener: MessageListener;
/** What listens to the messages of this worker. */
let listeners: ((event: ExtendableMessageEvent) => void)[];

beforeEach(() => {
  listener = new WorkerState().part(MessageListener);
  listeners = [];
  vi.spyOn(self, 'addEventListener').mockImplementation((type: string, listener: unknown) => {
    expect(type).toBe('message');
    listeners.push(listener as (typeof listeners)[number]);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** Sends a message as a page does, and returns all that it is answered. */
const send = async (data: unknown, hasPort = true): Promise<unknown[]> => {
  const answers: unknown[] = [];
  const held: Promise<unknown>[] = [];
  const port = {postMessage: (message: unknown) => answers.push(structuredClone(message))};
  const event = Object.assign(new Event('message'), {
    data: structuredClone(data),
    ports: hasPort ? [port] : [],
    waitUntil: (promise: Promise<unknown>) => held.push(promise),
  }) as unknown as ExtendableMessageEvent;
  for (const each of listeners) {
    each(event);
  }
  await Promise.all(held);
  return answers;
};

const current = vi.fn(async (_payload: Payload) => ({line: 'assets', version: 'v1'}));
const turnOff = vi.fn(async () => ({dropped: ['assets-v1']}));

beforeEach(() => {
  current.mockClear();
  turnOff.mockClear();
});

const CURRENT = {type: 'HOLDFAST_CURRENT_VERSION', payload: {line: {name: 'assets'}}};
const ANSWER = {type: 'HOLDFAST_ANSWER', payload: {line: 'assets', version: 'v1'}};

describe('a message', () => {
  it('is answered on its port, and its handler gets the payload and the event', async () => {
    const handler = vi.fn<Handlers['HOLDFAST_CURRENT_VERSION']>(current);
    listener.answer({HOLDFAST_CURRENT_VERSION: handler});
    expect(await send(CURRENT)).toEqual([ANSWER]);
    expect(handler).toHaveBeenCalledExactlyOnceWith(CURRENT.payload, expect.any(Event));
  });

  it('is answered once, although its handler was set up twice', async () => {
    for (let times = 0; times < 2; times += 1) {
      listener.answer({HOLDFAST_CURRENT_VERSION: current});
    }
    expect(listeners).toHaveLength(1);
    expect(await send(CURRENT)).toEqual([ANSWER]);
    expect(current).toHaveBeenCalledOnce();
  });

  it('is answered by the handler of its type, of those that several calls set up', async () => {
    listener.answer({HOLDFAST_CURRENT_VERSION: current});
    listener.answer({HOLDFAST_TURN_OFF: turnOff});
    expect(await send({type: 'HOLDFAST_TURN_OFF'})).toEqual([
      {type: 'HOLDFAST_ANSWER', payload: {dropped: ['assets-v1']}},
    ]);
    expect(await send(CURRENT)).toEqual([ANSWER]);
    expect(listeners).toHaveLength(1);
  });

  it('is handled without a port, too', async () => {
    listener.answer({HOLDFAST_TURN_OFF: turnOff});
    expect(await send({type: 'HOLDFAST_TURN_OFF'}, false)).toEqual([]);
    expect(turnOff).toHaveBeenCalledOnce();
  });

  it('keeps the worker alive until it is answered', async () => {
    let end = (): void => undefined;
    listener.answer({
      HOLDFAST_TURN_OFF: () =>
        new Promise((resolve) => {
          end = () => resolve({dropped: []});
        }),
    });
    const answered = vi.fn();
    const sending = send({type: 'HOLDFAST_TURN_OFF'}).finally(answered);
    await new Promise((resolve) => setTimeout(resolve));
    expect(answered).not.toHaveBeenCalled();
    end();
    expect(await sending).toHaveLength(1);
  });
});

it('listens to nothing until something is to be answered', () => {
  expect(listeners).toHaveLength(0);
});

describe('a message of an unsupported type', () => {
  it.each(['HOLDFAST_STAGE', 'HOLDFAST_SOMETHING_NEWER', 'HOLDFAST_', 'HOLDFAST_constructor'])(
    'is answered with an error that tells so: %s',
    async (type) => {
      listener.answer({HOLDFAST_CURRENT_VERSION: current});
      expect(await send({type, payload: {}})).toEqual([
        {type: 'HOLDFAST_ERROR', payload: {message: `${type}: not supported.`, isUnsupported: true}},
      ]);
    },
  );
});

describe('a message of another library', () => {
  it.each([
    [null],
    [undefined],
    ['HOLDFAST_CURRENT_VERSION'],
    [7],
    [true],
    [[]],
    [['HOLDFAST_CURRENT_VERSION']],
    [{}],
    [{type: null}],
    [{type: undefined}],
    [{type: 7}],
    [{type: {}}],
    // The text of these cannot be made, or is that of a type.
    [{type: {toString: 1}}],
    [{type: ['HOLDFAST_CURRENT_VERSION']}],
    [{type: 'SKIP_WAITING'}],
    [{type: 'CACHE_URLS', payload: {urlsToCache: []}}],
    [{type: 'holdfast_current_version'}],
    [{type: ' HOLDFAST_CURRENT_VERSION'}],
    [{type: 'MY_HOLDFAST_CURRENT_VERSION'}],
    [{type: 'toString'}],
    [{type: '__proto__'}],
    [new Map([['type', 'HOLDFAST_CURRENT_VERSION']])],
    [new ArrayBuffer(8)],
  ])('is left alone: %o', async (data) => {
    listener.answer({HOLDFAST_CURRENT_VERSION: current});
    expect(await send(data)).toEqual([]);
    expect(current).not.toHaveBeenCalled();
  });
});

describe('a malformed payload', () => {
  it.each([
    [{}],
    [{payload: null}],
    [{payload: undefined}],
    [{payload: 'assets'}],
    [{payload: 7}],
    [{payload: false}],
    [{payload: []}],
    [{payload: [1, 2]}],
    [{payload: {line: null}}],
    [{payload: new Map([['line', 'assets']])}],
  ])('reaches its handler as an object that can be asked for fields: %o', async (rest) => {
    listener.answer({
      HOLDFAST_CURRENT_VERSION: async ({line, version}) => {
        expect(version).toBeUndefined();
        throw new TypeError(`payload.line is ${String(line)}`);
      },
    });
    const [answer] = await send({type: 'HOLDFAST_CURRENT_VERSION', ...rest});
    expect(answer).toEqual({
      type: 'HOLDFAST_ERROR',
      payload: {
        message: expect.stringMatching(/^HOLDFAST_CURRENT_VERSION: payload\.line is (undefined|null)$/),
      },
    });
  });
});

describe('a handler that fails', () => {
  it.each<[unknown, string]>([
    [new Error('no release is kept.'), 'no release is kept.'],
    [new TypeError('payload.version must be a text.'), 'payload.version must be a text.'],
    [new DOMException('Quota exceeded.', 'QuotaExceededError'), 'Quota exceeded.'],
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [null, 'null'],
  ])('is answered with an error: %o', async (error, message) => {
    listener.answer({HOLDFAST_TURN_OFF: () => Promise.reject(error)});
    expect(await send({type: 'HOLDFAST_TURN_OFF'})).toEqual([
      {type: 'HOLDFAST_ERROR', payload: {message: `HOLDFAST_TURN_OFF: ${message}`}},
    ]);
  });

  it('is answered with an error also where it throws at once', async () => {
    listener.answer({
      HOLDFAST_TURN_OFF: () => {
        throw new Error('at once');
      },
    });
    expect(await send({type: 'HOLDFAST_TURN_OFF'})).toEqual([
      {type: 'HOLDFAST_ERROR', payload: {message: 'HOLDFAST_TURN_OFF: at once'}},
    ]);
  });

  it('does not affect the next message', async () => {
    current.mockRejectedValueOnce(new Error('once'));
    listener.answer({HOLDFAST_CURRENT_VERSION: current});
    await send(CURRENT);
    expect(await send(CURRENT)).toEqual([ANSWER]);
  });
});
