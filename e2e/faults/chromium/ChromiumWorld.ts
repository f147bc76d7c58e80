import type {Page} from 'playwright';
import type {Stage} from '../../harness/openStage.ts';
import {Deferred} from '../../origins/Deferred.ts';
import type {Fault, Stall} from '../../origins/Faults.ts';
import type {Forged} from '../forged.ts';
import {JobClient, type Reply, type Send} from '../JobClient.ts';
import type {Answered, Damage, Loaded, NetworkFault, Tab, World} from '../World.ts';

/** In the world's own page: passes on what the worker reports. */
declare const reportToWorld: (what: string) => void;

/** A question that is not answered. */
interface Pending {
  /** Resolves when the worker has received it. */
  received: Promise<void>;
  answered: Promise<unknown>;
}

/** Returns a fault as the origins call it. */
const originFault = (fault: NetworkFault): Fault => {
  if (!('bytes' in fault)) {
    return fault;
  }
  const {kind, bytes} = fault;
  return kind === 'truncate' ? {kind, toBytes: bytes} : {kind, afterBytes: bytes};
};

/** Run in a page: sends a message to the worker, and returns its answer. */
const askWorker = (message: {type: string; payload: object; id: number}): Promise<Reply> =>
  new Promise((resolve) => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = ({data}) => resolve(data);
    navigator.serviceWorker.controller?.postMessage(message, [port2]);
  });

/** The world that a page belongs to: a stage opens pages again. */
const worlds = new WeakMap<Page, ChromiumWorld>();

/** The same world in Chromium, with real pages, and with local origins instead of the hosts. */
export class ChromiumWorld implements World {
  readonly origin: string;
  private readonly stage: Stage;
  /** A page beside those of the sequence: it looks into storage, and lets the worker take steps. */
  private readonly page: Page;
  private readonly tabs = new Map<Tab, Page>();
  private readonly pending = new Set<Pending>();
  private readonly stalls = new Set<Stall>();
  /** What the worker is expected to report. */
  private readonly expected = new Map<string, Deferred>();
  private readonly jobs = new JobClient();
  private death = new Deferred();
  private isOffline = false;
  /** How many questions and commands were sent: the id of the last one. */
  private asked = 0;

  private constructor(stage: Stage, page: Page) {
    this.origin = stage.app;
    this.stage = stage;
    this.page = page;
  }

  /** @param stage serves the worker `faults`, which contains `tests/workers/stepping.ts`. */
  static async open(stage: Stage): Promise<ChromiumWorld> {
    const page = await stage.openControlledPage('faults');
    const world = new ChromiumWorld(stage, page);
    const isKnown = worlds.has(page);
    worlds.set(page, world);
    if (!isKnown) {
      await page.exposeFunction('reportToWorld', (what: string) =>
        worlds.get(page)?.expected.get(what)?.resolve(),
      );
    }
    await page.evaluate(() => {
      new BroadcastChannel('stepping').addEventListener('message', ({data}) => reportToWorld(data));
    });
    return world;
  }

  async openTab(tab: Tab): Promise<void> {
    // The app's page itself comes from the network.
    await this.stage.browser.setOffline(false);
    this.tabs.set(tab, await this.stage.openPage());
    await this.stage.browser.setOffline(this.isOffline);
  }

  async closeTab(tab: Tab): Promise<void> {
    await this.tab(tab).close();
    this.tabs.delete(tab);
  }

  load(tab: Tab, path: string): Promise<Loaded> {
    return this.question(async (id) => {
      try {
        const {status, sha256} = await this.tab(tab).evaluate(
          ([url, question]) => load(url, {headers: {question}}),
          [path, String(id)] as const,
        );
        return {status, sha256};
      } catch {
        return 'failed';
      }
    });
  }

  async ask(tab: Tab, type: string, payload: {asker?: string}): Promise<Answered> {
    const {asker = ''} = payload;
    try {
      return await this.message((id) => this.jobs.ask(this.sendFrom(tab, id), type, payload));
    } finally {
      this.jobs.end(asker);
    }
  }

  abort(tab: Tab, asker: string): Promise<Answered> {
    return this.message((id) => this.jobs.abort(this.sendFrom(tab, id), asker));
  }

  async pass(steps: number): Promise<void> {
    await this.takeSteps(steps, false);
  }

  async killBefore(step: number): Promise<void> {
    await this.takeSteps(step, true);
    await this.stage.browser.killWorkers();
    this.death.resolve();
    this.death = new Deferred();
  }

  async settle(): Promise<void> {
    const end = Promise.all([...this.pending].map(({answered}) => answered)).then(() =>
      this.command('COME_TO_END', {}),
    );
    for (;;) {
      const stalled = [...this.stalls].map((stall) => stall.reached.then(() => stall));
      const stall = await Promise.race([end, ...stalled]);
      if (!stall) {
        return;
      }
      stall.release();
      this.stalls.delete(stall);
    }
  }

  publish(path: string, bytes: Uint8Array): void {
    this.stage.origins.app.set(path, bytes, {'cache-control': 'no-store'});
  }

  addFault(path: string, fault: NetworkFault): void {
    const added = this.stage.origins.fault({match: path, times: 1, ...originFault(fault)});
    if ('reached' in added) {
      this.stalls.add(added);
    }
  }

  async setOffline(isOffline: boolean): Promise<void> {
    this.isOffline = isOffline;
    await this.stage.browser.setOffline(isOffline);
  }

  async setRoom(bytes: number | undefined): Promise<void> {
    const {usage = 0} = await this.page.evaluate(() => navigator.storage.estimate());
    await this.stage.browser.setQuota(this.origin, bytes === undefined ? undefined : usage + bytes);
  }

  async forge({to, data}: Forged): Promise<void> {
    await this.page.evaluate(
      ([receiver, forged]) => {
        if (receiver === 'channel') {
          const channel = new BroadcastChannel('holdfast');
          channel.postMessage(forged);
          channel.close();
        } else {
          navigator.serviceWorker.controller?.postMessage(forged, [new MessageChannel().port2]);
        }
      },
      [to, data] as const,
    );
  }

  async damage(cacheName: string, path: string, damage: Damage): Promise<void> {
    await this.page.evaluate(
      async ([name, url, isLost]) => {
        const response = await caches.match(url, {cacheName: name});
        if (!response) {
          return;
        }
        const cache = await caches.open(name);
        const bytes = new Uint8Array(await response.arrayBuffer());
        await cache.delete(url);
        if (!isLost) {
          bytes[0] = (bytes[0] ?? 0) ^ 0xff;
          // Without room for it, the entry is lost.
          await cache.put(url, new Response(bytes, {headers: response.headers})).catch(() => undefined);
        }
      },
      [cacheName, path, damage === 'lose'] as const,
    );
  }

  async stored(): Promise<Map<string, Map<string, string>>> {
    const entries = await this.page.evaluate(async () => {
      const all: (readonly [cacheName: string, path: string, sha256: string])[] = [];
      for (const [cacheName, keys] of Object.entries(await stored())) {
        for (const key of keys) {
          const response = await caches.match(key, {cacheName});
          const digest = await crypto.subtle.digest(
            'SHA-256',
            (await response?.arrayBuffer()) ?? new Uint8Array(),
          );
          const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
          all.push([cacheName, new URL(key).pathname, hex.join('')]);
        }
      }
      return all;
    });
    const found = new Map<string, Map<string, string>>();
    for (const [cacheName, path, sha256] of entries) {
      const cache = found.get(cacheName) ?? new Map<string, string>();
      found.set(cacheName, cache.set(path, sha256));
    }
    return found;
  }

  takeRequests(): string[] {
    const {log} = this.stage.origins;
    const paths = log.requests({to: 'app', path: /^\/files\//}).map(({path}) => path);
    log.clear();
    return paths;
  }

  async takeRejections(): Promise<string[]> {
    const reported = await this.page.evaluate(() => events.splice(0));
    return (
      reported
        // What was forged on the channel may be anything.
        .filter((event) => Object(event).type === 'UNHANDLED_REJECTION')
        .map(({payload}) => String(payload.reason))
    );
  }

  close(): Promise<void> {
    return this.stage.reset();
  }

  private tab(tab: Tab): Page {
    const page = this.tabs.get(tab);
    if (!page) {
      throw new Error(`Tab ${tab} is not open.`);
    }
    return page;
  }

  private sendFrom(tab: Tab, id: number): Send {
    const page = this.tab(tab);
    return (type, payload) => page.evaluate(askWorker, {type, payload, id});
  }

  /** A question whose answer is lost with the worker that was asked, and with the page. */
  private message(ask: (id: number) => Promise<Answered>): Promise<Answered> {
    const {death} = this;
    const lost = () => 'lost' as const;
    return this.question((id) => Promise.race([ask(id).catch(lost), death.promise.then(lost)]));
  }

  private async question<Answer>(ask: (id: number) => Promise<Answer>): Promise<Answer> {
    this.asked += 1;
    const received = this.whenReported(`received ${this.asked}`);
    const answered = ask(this.asked);
    const pending = {received, answered};
    this.pending.add(pending);
    try {
      return await answered;
    } finally {
      this.pending.delete(pending);
    }
  }

  /** Lets the worker take some steps, after it has received all questions. */
  private async takeSteps(count: number, isLast: boolean): Promise<void> {
    // A question that it has not received when it is killed would be answered by the next one.
    await Promise.all([...this.pending].map(({received, answered}) => Promise.race([received, answered])));
    await this.command('TAKE_STEPS', {count, isLast});
  }

  /** Sends the worker a command of `tests/workers/stepping.ts`. Resolves when that is done. */
  private async command(type: string, payload: object): Promise<void> {
    this.asked += 1;
    const done = this.whenReported(`done ${this.asked}`);
    await this.page.evaluate((message) => navigator.serviceWorker.controller?.postMessage(message), {
      type,
      payload,
      id: this.asked,
    });
    await done;
  }

  private whenReported(what: string): Promise<void> {
    const deferred = new Deferred();
    this.expected.set(what, deferred);
    return deferred.promise;
  }
}
