import type {Script} from 'node:vm';
import {IDBFactory} from 'fake-indexeddb';
import {caches, Request, Response} from 'undici';
import {sha256} from '../content.ts';
import type {Forged} from '../forged.ts';
import {JobClient, type Reply, type Send} from '../JobClient.ts';
import type {Answered, Damage, Loaded, NetworkFault, Tab, World} from '../World.ts';
import type {Room} from './gatedCaches.ts';
import {Life} from './Life.ts';
import {Locks} from './Locks.ts';
import {Network} from './Network.ts';
import {Schedule} from './Schedule.ts';

export const ORIGIN = 'https://app.test';

/** How long the worker may hold back the answer to a poll, and to a message that starts a job. */
const POLL_ANSWERED_WITHIN_MS = 10_000;
const START_ANSWERED_WITHIN_MS = 100;

/** A page that is open. */
interface Client {
  id: string;
  closing: AbortController;
}

/** Resolves when the worker or the page has ended. */
const whenAborted = <Result>(signal: AbortSignal, result: Result): Promise<Result> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(result));
  });

/** The world in this process: the worker's real code, on an origin that exists only in memory. */
export class InMemoryWorld implements World {
  readonly origin = ORIGIN;
  private readonly script: Script;
  private readonly schedule: Schedule;
  private readonly network: Network;
  private readonly room: Room = {left: Number.POSITIVE_INFINITY};
  private readonly databases = new IDBFactory();
  private readonly locks = new Locks();
  private readonly clients = new Map<Tab, Client>();
  private readonly lives: Life[] = [];
  private readonly jobs = new JobClient();
  private rejections: string[] = [];
  /** Those of the test runner, which would fail the test for a rejection in the worker. */
  private readonly listeners = process.listeners('unhandledRejection');
  private opened = 0;
  /** How many questions of pages have not been answered. */
  private open = 0;

  private constructor(script: Script, seed: number) {
    this.script = script;
    this.schedule = new Schedule(seed);
    this.network = new Network(this.schedule);
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', this.noteRejection);
  }

  /**
   * @param script the worker's.
   * @param seed of the order in which things happen that happen at the same time.
   */
  static async open(script: Script, seed: number): Promise<InMemoryWorld> {
    // All worlds of a process share these caches.
    for (const name of await caches.keys()) {
      await caches.delete(name);
    }
    return new InMemoryWorld(script, seed);
  }

  async openTab(tab: Tab): Promise<void> {
    this.opened += 1;
    this.clients.set(tab, {id: `page-${this.opened}`, closing: new AbortController()});
  }

  async closeTab(tab: Tab): Promise<void> {
    this.client(tab).closing.abort();
    this.clients.delete(tab);
  }

  load(tab: Tab, path: string): Promise<Loaded> {
    const client = this.client(tab);
    const {signal} = client.closing;
    const request = new Request(this.origin + path, {signal});
    return this.question<Loaded>(client, 'failed', async (life) => {
      const answer = life.answerFetch(request, client.id) ?? this.network.fetch(request, life.death);
      try {
        const response = await answer;
        if (response.type === 'error') {
          return 'failed';
        }
        signal.addEventListener('abort', () => void response.body?.cancel().catch(() => undefined));
        return {status: response.status, sha256: sha256(await response.bytes())};
      } catch {
        return 'failed';
      }
    });
  }

  async ask(tab: Tab, type: string, payload: {asker?: string}): Promise<Answered> {
    const client = this.client(tab);
    const {asker = ''} = payload;
    try {
      return await this.question<Answered>(client, 'lost', (life) => {
        const asked = this.jobs.ask(this.sendFrom(client, life), type, payload);
        // Some time passes before the worker answers that the job runs.
        void this.schedule.later(() => life.clock.advance(START_ANSWERED_WITHIN_MS));
        return asked;
      });
    } finally {
      this.jobs.end(asker);
    }
  }

  abort(tab: Tab, asker: string): Promise<Answered> {
    const client = this.client(tab);
    return this.question<Answered>(client, 'lost', (life) =>
      this.jobs.abort(this.sendFrom(client, life), asker),
    );
  }

  async pass(steps: number): Promise<void> {
    await this.untilStep(steps, () => undefined);
  }

  async killBefore(step: number): Promise<void> {
    await this.untilStep(step, () => this.life?.kill());
    this.life?.kill();
  }

  async settle(): Promise<void> {
    await this.schedule.quiet();
    let hasAdvanced = false;
    while (this.open > 0) {
      // The worker answers polls of a job that waits for a stalled answer, before that resumes.
      if (!hasAdvanced) {
        this.life?.clock.advance(POLL_ANSWERED_WITHIN_MS);
        hasAdvanced = true;
      } else if (this.network.releaseStalls()) {
        hasAdvanced = false;
      } else {
        throw new Error('The worker does not answer, though nothing more happens.');
      }
      await this.schedule.quiet();
    }
    while (this.network.releaseStalls()) {
      await this.schedule.quiet();
    }
  }

  publish(path: string, bytes: Uint8Array): void {
    this.network.publish(path, bytes);
  }

  addFault(path: string, fault: NetworkFault): void {
    this.network.addFault(path, fault);
  }

  async setOffline(isOffline: boolean): Promise<void> {
    this.network.isOffline = isOffline;
  }

  async setRoom(bytes = Number.POSITIVE_INFINITY): Promise<void> {
    this.room.left = bytes;
  }

  async forge({to, data}: Forged): Promise<void> {
    const life = this.life ?? this.start();
    if (to === 'channel') {
      life.hear(data);
    } else {
      void life.answerMessage(data, this.client(0).id).catch(() => undefined);
    }
  }

  async damage(cacheName: string, path: string, damage: Damage): Promise<void> {
    const url = this.origin + path;
    const response = await caches.match(url, {cacheName});
    if (response) {
      const cache = await caches.open(cacheName);
      await cache.delete(url);
      if (damage === 'flip') {
        const bytes = await response.bytes();
        bytes[0] = (bytes[0] ?? 0) ^ 0xff;
        await cache.put(url, new Response(bytes, {headers: response.headers}));
      }
    }
  }

  async stored(): Promise<Map<string, Map<string, string>>> {
    const found = new Map<string, Map<string, string>>();
    for (const name of await caches.keys()) {
      const entries = new Map<string, string>();
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const response = await cache.match(request);
        entries.set(new URL(request.url).pathname, response ? sha256(await response.bytes()) : '');
      }
      found.set(name, entries);
    }
    return found;
  }

  takeRequests(): string[] {
    return this.network.takeRequests();
  }

  async takeRejections(): Promise<string[]> {
    return this.rejections.splice(0);
  }

  async close(): Promise<void> {
    this.life?.kill();
    // A request is remembered until it cannot be aborted any more, and with it all that listens.
    for (const {closing} of this.clients.values()) {
      closing.abort();
    }
    await this.schedule.quiet();
    process.off('unhandledRejection', this.noteRejection);
    for (const listener of this.listeners) {
      process.on('unhandledRejection', listener);
    }
  }

  private sendFrom({id}: Client, life: Life): Send {
    return async (type, payload) => (await life.answerMessage({type, payload}, id)) as Reply;
  }

  /** The worker that lives, if one does. */
  private get life(): Life | undefined {
    return this.lives.findLast(({isOver}) => !isOver);
  }

  private client(tab: Tab): Client {
    const client = this.clients.get(tab);
    if (!client) {
      throw new Error(`Tab ${tab} is not open.`);
    }
    return client;
  }

  /** Starts the worker if it does not live. */
  private start(): Life {
    const {script, origin, schedule, databases, locks, network, room} = this;
    const life = new Life(script, {
      origin,
      schedule,
      databases,
      locks,
      network,
      room,
      clients: () => [...this.clients.values()].map(({id}) => id),
    });
    this.lives.push(life);
    return life;
  }

  /** @param otherwise the answer when the worker is killed, or the page closed. */
  private async question<Answer>(
    {closing}: Client,
    otherwise: Answer,
    ask: (life: Life) => Promise<Answer>,
  ): Promise<Answer> {
    const life = this.life ?? this.start();
    this.open += 1;
    try {
      return await Promise.race([
        ask(life),
        whenAborted(life.death, otherwise),
        whenAborted(closing.signal, otherwise),
      ]);
    } finally {
      this.open -= 1;
    }
  }

  private async untilStep(step: number, reached: () => void): Promise<void> {
    const {schedule} = this;
    let end = (): void => undefined;
    const atStep = new Promise<void>((resolve) => {
      end = schedule.beforeStep(step, () => {
        reached();
        resolve();
      });
    });
    await Promise.race([atStep, schedule.quiet()]);
    end();
  }

  private readonly noteRejection = (reason: unknown, promise: Promise<unknown>): void => {
    // Nothing in a dead worker is reported.
    if (!this.lives.some((life) => life.isOver && life.hasMade(promise))) {
      this.rejections.push(String((reason as Error | undefined)?.stack ?? reason));
    }
  };
}
