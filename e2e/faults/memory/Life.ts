import {Blob} from 'node:buffer';
import {createHash} from 'node:crypto';
import {type Context, createContext, runInContext, type Script, constants as vm} from 'node:vm';
import {IDBKeyRange} from 'fake-indexeddb';
import {Headers, Request, type RequestInfo, type RequestInit, Response} from 'undici';
import {Clock} from './Clock.ts';
import type {Gate} from './Gate.ts';
import {gatedCaches, type Room} from './gatedCaches.ts';
import {gatedDatabases} from './gatedDatabases.ts';
import type {Locks} from './Locks.ts';
import type {Network} from './Network.ts';
import type {Schedule} from './Schedule.ts';

/** What outlives a worker. */
export interface Surroundings {
  readonly origin: string;
  readonly schedule: Schedule;
  readonly databases: IDBFactory;
  readonly locks: Locks;
  readonly network: Network;
  readonly room: Room;
  /** The ids of the pages that are open. */
  clients(): string[];
}

type Listener = (event: object) => void;

/** Node digests in a thread, in its own time. The digest here is made at once. */
const digest = async (name: string, bytes: Uint8Array): Promise<ArrayBuffer> => {
  const made = createHash(name.replace('-', '').toLowerCase()).update(bytes).digest();
  return Uint8Array.from(made).buffer;
};

/** Node reads a Blob in its own time. The body of one that is made here is read at once. */
class WorkerResponse extends Response {
  override readonly blob = async (): Promise<Blob> => {
    const bytes = Uint8Array.from(await this.bytes());
    return Object.assign(new Blob([bytes]), {stream: () => new Response(bytes).body});
  };
}

/** The origin private file system, which no sequence uses. */
const NO_FILES = {
  getDirectoryHandle: () => Promise.reject(new DOMException('There is no such folder.', 'NotFoundError')),
};

/** Workbox tests whether a value is one. */
class FetchEvent {}

/**
 * A worker from its start to its death. It runs in its own context, so that nothing in memory outlives it. What it does
 * when it is dead has no effect.
 */
export class Life implements Gate {
  private readonly controller = new AbortController();
  private readonly context: Context;
  private readonly OwnPromise: PromiseConstructor;
  private readonly surroundings: Surroundings;
  private readonly listeners = new Map<string, Listener[]>();
  private readonly channels = new Set<EventTarget>();
  readonly clock = new Clock();

  constructor(script: Script, surroundings: Surroundings) {
    this.surroundings = surroundings;
    this.context = createContext(vm.DONT_CONTEXTIFY);
    this.OwnPromise = runInContext('Promise', this.context);
    Object.assign(this.context, this.globals());
    script.runInContext(this.context);
  }

  get death(): AbortSignal {
    return this.controller.signal;
  }

  get isOver(): boolean {
    return this.death.aborted;
  }

  kill(): void {
    this.controller.abort(new DOMException('The worker is dead.', 'AbortError'));
    this.surroundings.locks.forget(this);
  }

  /** Returns whether the worker's own code made a promise. */
  hasMade(promise: Promise<unknown>): boolean {
    return promise instanceof this.OwnPromise;
  }

  /** Returns its answer; `undefined` if it leaves the request to the browser. */
  answerFetch(request: Request, clientId: string): Promise<Response> | undefined {
    let answer: Promise<Response> | undefined;
    const respondWith = (response: Promise<Response>) => {
      answer = this.own(response);
    };
    this.dispatch('fetch', {request, clientId, respondWith, waitUntil: () => undefined});
    return answer;
  }

  /** Returns what comes on the message's port. */
  answerMessage(data: unknown, id: string): Promise<unknown> {
    return this.own(
      new Promise((resolve) => {
        const postMessage = (answer: unknown) => resolve(structuredClone(answer));
        const message = structuredClone(data);
        this.dispatch('message', {
          data: message,
          source: {id},
          ports: [{postMessage}],
          waitUntil: () => undefined,
        });
      }),
    );
  }

  /** Something comes on the channel on which workers report. */
  hear(data: unknown): void {
    for (const channel of this.channels) {
      channel.dispatchEvent(Object.assign(new Event('message'), {data: structuredClone(data)}));
    }
  }

  step<Result>(action: () => Promise<Result> | Result): Promise<Result> {
    const {schedule} = this.surroundings;
    this.countStep();
    const taken = new Promise<Result>((resolve, reject) => {
      void schedule.later(async () => {
        if (!this.isOver) {
          await Promise.resolve().then(action).then(resolve, reject);
        }
      });
    });
    return this.own(taken);
  }

  stepNow(): void {
    this.countStep();
    this.death.throwIfAborted();
  }

  own<Result>(promise: Promise<Result>): Promise<Result> {
    return new this.OwnPromise((resolve, reject) => {
      promise.then(
        (result) => this.isOver || resolve(result),
        (error) => this.isOver || reject(error),
      );
    });
  }

  /** A channel that has only what is forged on it. */
  private channelClass(): typeof EventTarget {
    const {channels} = this;
    return class extends EventTarget {
      onmessage: Listener | null = null;
      postMessage = (): void => undefined;

      constructor() {
        super();
        channels.add(this);
        this.addEventListener('message', (event) => this.onmessage?.(event));
      }
    };
  }

  private countStep(): void {
    if (!this.isOver) {
      this.surroundings.schedule.countStep();
    }
  }

  private dispatch(type: string, event: object): void {
    for (const listener of this.listeners.get(type) ?? []) {
      listener(event);
    }
  }

  private globals(): object {
    const {origin, schedule, databases, locks, network, room, clients} = this.surroundings;
    const request = <Result>(
      name: string,
      ...[options, callback]: [LockOptions, () => Promise<Result>] | [() => Promise<Result>]
    ) =>
      this.own(
        // What a dead worker's code still asks for would never be released.
        this.isOver
          ? Promise.reject(this.death.reason)
          : typeof options === 'function'
            ? locks.request(this, name, {}, options)
            : locks.request(this, name, options, callback as () => Promise<Result>),
      );
    return {
      self: this.context,
      addEventListener: (type: string, listener: Listener) =>
        this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]),
      skipWaiting: () => this.own(Promise.resolve()),
      clients: {
        matchAll: () => this.step(() => clients().map((id) => ({id}))),
        get: (id: string) => this.step(() => (clients().includes(id) ? {id} : undefined)),
        claim: () => this.step(() => undefined),
      },
      location: new URL(`${origin}/worker.js`),
      registration: {scope: `${origin}/`},
      navigator: {
        userAgent: 'Chromium/156',
        locks: {request, query: () => this.step(() => locks.query())},
        storage: {estimate: () => this.step(() => ({})), getDirectory: () => this.step(() => NO_FILES)},
      },
      caches: gatedCaches(this, room),
      indexedDB: gatedDatabases(databases, {gate: this, room, schedule}),
      IDBKeyRange,
      fetch: (input: RequestInfo, init?: RequestInit) =>
        this.own(this.step(() => undefined).then(() => network.fetch(new Request(input, init), this.death))),
      setTimeout: (callback: () => void, milliseconds: number) =>
        milliseconds > 0 ? this.clock.setTimeout(callback, milliseconds) : void schedule.later(callback),
      clearTimeout: (timer: number) => this.clock.clearTimeout(timer),
      performance: {now: () => schedule.now},
      BroadcastChannel: this.channelClass(),
      FetchEvent,
      Headers,
      Request,
      Response: WorkerResponse,
      AbortController,
      AbortSignal,
      Blob,
      DOMException,
      ReadableStream,
      TransformStream,
      WritableStream,
      URL,
      URLSearchParams,
      TextEncoder,
      TextDecoder,
      crypto: {subtle: {digest: (name: string, bytes: Uint8Array) => this.own(digest(name, bytes))}},
      structuredClone,
    };
  }
}
