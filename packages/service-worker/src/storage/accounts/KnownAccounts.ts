import type {WorkboxPlugin} from 'workbox-core/types.js';
import {isPrivate, isSignature} from '../../http/credentials.ts';
import {accountIn, accountOf} from '../../http/partition.ts';
import {Channel} from '../../messages/Channel.ts';
import {EVENT_CHANNEL} from '../../messages/protocol.ts';
import {Releases} from '../../releases/Releases.ts';
import {inTime} from '../../releases/records.ts';
import {keyed} from '../../worker/accountKey.ts';
import {clientOf} from '../../worker/RequestContext.ts';
import {hasOurPlugins, routedStrategies} from '../../worker/routes.ts';
import type {SignedIn} from '../../worker/SignedIn.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';
import {deletePartitions} from './deletePartitions.ts';
import {
  type AccountsRecord,
  type ClientRecord,
  changeAccounts,
  NO_ACCOUNTS,
  readAccounts,
} from './records.ts';

declare const self: ServiceWorkerGlobalScope;

/** Older sign-outs concern no request that is still in progress. */
const SIGN_OUTS_KEPT = 50;

const without = (used: readonly string[], accounts: readonly string[]): string[] =>
  used.filter((account) => !accounts.includes(account));

/** Where nothing is known. Then no sign-out is known to be later than a request either. */
const UNKNOWN: AccountsRecord = Object.assign({}, NO_ACCOUNTS, {count: Number.POSITIVE_INFINITY});

/** The entry of clients that are gone. */
const GONE = '';

/** Whose a request is. */
interface Seen {
  /** The partition that it uses. */
  account: string | undefined;
  byCredential: string | undefined;
  name: string | undefined;
  /** How many sign-outs there were when it came in: a later one concerns it. */
  count: number;
}

/** The accounts by name of an origin, and the partitions that its clients use. */
export class KnownAccounts implements SignedIn {
  private readonly worker: WorkerState;
  private record: Promise<AccountsRecord> | undefined;
  private readonly seen = new WeakMap<ExtendableEvent, Seen>();
  /** What clients have used, by client: more than is recorded by now. */
  private readonly used = new Map<string, Set<string>>();
  /** Those that were signed out of, and that nothing has used since. */
  private readonly signedOut = new Set<string>();
  private writing: Promise<unknown> = Promise.resolve();

  constructor(worker: WorkerState) {
    this.worker = worker;
  }

  async keyOf(event: ExtendableEvent, key: Request, mode: string, credential: string): Promise<Request> {
    const context = this.worker.contextOf(event);
    const seen = this.seen.get(event) ?? (await this.see(event, credential));
    const {byCredential, name} = seen;
    context.account = name;
    // A name tells whose the cookies are. What an answer does not call private is everybody's all the same.
    const isShared = mode === 'write' && !credential && context.isPublic;
    return keyed(key, isShared ? undefined : (name ?? byCredential), byCredential);
  }

  /** What it does for each route: it notes for whom an answer is, and deletes what came too late. */
  readonly plugin: WorkboxPlugin = {
    fetchDidSucceed: async ({request, response, event}) => {
      this.worker.contextOf(event).isPublic = !isPrivate(request, response);
      return response;
    },
    handlerDidComplete: async ({event}) => {
      const {account, count = 0} = this.seen.get(event) ?? {};
      if (account === undefined) {
        return;
      }
      const {signedOut} = await this.read();
      if (signedOut.some((one) => one.account === account && one.count > count)) {
        await this.delete([account]);
      }
    },
  };

  /** Adds the plugin to the routes with plugins of ours, once the script of the worker has run. */
  async watchRoutes(): Promise<void> {
    await undefined;
    for (const strategy of new Set(routedStrategies())) {
      if (strategy.plugins && hasOurPlugins(strategy)) {
        strategy.plugins.push(this.plugin);
      }
    }
  }

  isSignedOut(key: string): boolean {
    return this.signedOut.has(accountIn(key) ?? '');
  }

  /** Another worker of the origin has changed the record. */
  async refresh(): Promise<void> {
    const before = await this.read();
    this.record = undefined;
    const {signedOut} = await this.read();
    const more = signedOut.filter(({count}) => count > before.count).map(({account}) => account);
    if (more.length > 0) {
      await this.stop(more);
    }
  }

  /** Has a client's requests belong to a name. Clients that signed in by another one have none from now on. */
  async signIn(client: string, name: string): Promise<void> {
    const account = await accountOf(`name ${name}`);
    const present = await self.clients.matchAll({includeUncontrolled: true, type: 'all'});
    this.record = changeAccounts(({clients}) => {
      const changed: Record<string, ClientRecord> = {};
      for (const [id, {name: before, used}] of Object.entries(clients)) {
        // Each load of a page is another client. What those have used that are gone is kept together.
        const isGone = !present.some((one) => one.id === id);
        changed[isGone ? GONE : id] = {
          name: before === account && !isGone ? account : undefined,
          used: [...new Set(used.concat((isGone && changed[GONE]?.used) || []))],
        };
      }
      changed[client] = {name: account, used: clients[client]?.used ?? []};
      return {clients: changed, name: account};
    });
    await this.record;
    this.worker.part(Channel).report({type: 'SIGNED_IN', payload: {}});
  }

  /**
   * Deletes all partitions that a client has used, and those of clients that are gone or are workers: nothing tells any
   * more whose they are.
   *
   * @returns how many files went.
   */
  async signOut(client: string): Promise<number> {
    const present = await self.clients.matchAll({includeUncontrolled: true, type: 'all'});
    const tabs = present.filter(({id, type}) => type === 'window' && id !== client).map(({id}) => id);
    await this.writing;
    let accounts: string[] = [];
    this.record = changeAccounts(({clients, count, leftovers, name, signedOut}) => {
      const own = clients[client];
      const usedBy = (isMeant: (id: string) => boolean): string[] =>
        Object.entries(clients).flatMap(([id, {used}]) => (isMeant(id) ? used : []));
      const others = usedBy((id) => tabs.includes(id));
      const mine = (own?.used ?? []).concat(own?.name ?? []);
      accounts = [
        ...new Set(
          mine.concat(
            without(
              usedBy((id) => !tabs.includes(id)),
              others,
            ),
          ),
        ),
      ];
      const changed: Record<string, ClientRecord> = {};
      for (const id of tabs) {
        const {name: before, used = []} = clients[id] ?? {};
        const isOut = before !== undefined && accounts.includes(before);
        changed[id] = {name: isOut ? undefined : before, used: without(used, accounts)};
      }
      const outs = accounts.map((account) => ({account, count: count + 1}));
      return {
        clients: changed,
        count: count + 1,
        name: name !== undefined && accounts.includes(name) ? undefined : name,
        signedOut: signedOut.concat(outs).slice(-SIGN_OUTS_KEPT),
        leftovers: [...new Set(leftovers.concat(accounts))],
      };
    });
    await this.record;
    await this.stop(accounts);
    const entries = await this.delete(accounts);
    this.record = changeAccounts(({leftovers}) => ({leftovers: without(leftovers, accounts)}));
    this.worker.part(Channel).report({type: 'SIGNED_OUT', payload: {entries}});
    return entries;
  }

  /** Deletes what a worker has left that was killed while it signed out, and what came after that. */
  async finish(): Promise<void> {
    const {leftovers} = await this.read();
    if (leftovers.length > 0) {
      await this.delete(leftovers);
      this.record = changeAccounts((record) => ({leftovers: without(record.leftovers, leftovers)}));
      await this.record;
    }
  }

  /** Hears of other workers of the origin. What they say is read from the record: any page may post anything there. */
  listen(): void {
    if ('BroadcastChannel' in self) {
      new BroadcastChannel(EVENT_CHANNEL).onmessage = ({data}: MessageEvent<unknown>) => {
        if (['SIGNED_IN', 'SIGNED_OUT'].includes(Object(data).type)) {
          this.refresh().catch(() => undefined);
        }
      };
    }
  }

  /**
   * Storage that cannot be read, or takes too long, knows no names: then accounts are told apart by their credentials. It
   * is asked again by the next request.
   */
  private async read(): Promise<AccountsRecord> {
    this.record ??= readAccounts();
    const {record} = this;
    const known = await inTime(record);
    if (!known && this.record === record) {
      this.record = undefined;
    }
    return known ?? UNKNOWN;
  }

  /** Finds out whose a request is, and notes how many sign-outs there were. */
  private async see(event: ExtendableEvent, credential: string): Promise<Seen> {
    const {clients, count, name: newest} = await this.read();
    const client = clientOf(event);
    const byCredential = credential ? await accountOf(credential) : undefined;
    // No code of a worker can sign in. It sends the cookies of its origin, whoever has opened it.
    const isNamed = newest !== undefined && !credential && (await this.isWorker(client));
    const name = clients[client]?.name ?? (isNamed ? newest : undefined);
    // Each signature is an account of its own, for which nothing is stored.
    const account = name ?? (isSignature(credential) ? undefined : byCredential);
    const seen: Seen = {account, byCredential, count, name};
    this.seen.set(event, seen);
    if (account !== undefined) {
      this.use(event, client, account);
    }
    return seen;
  }

  private async isWorker(client: string): Promise<boolean> {
    return client !== '' && (await self.clients.get(client))?.type !== 'window';
  }

  use(event: ExtendableEvent, client: string, account: string): void {
    this.signedOut.delete(account);
    const used = this.used.get(client) ?? new Set();
    this.used.set(client, used);
    if (client && !used.has(account)) {
      used.add(account);
      this.writing = Promise.all([
        this.writing,
        changeAccounts(({clients}) => {
          const {name, used: before = []} = clients[client] ?? {};
          const record: ClientRecord = {name, used: [...new Set(before.concat(account))]};
          return {clients: Object.assign({}, clients, {[client]: record})};
        }),
      ]).catch(() => undefined);
      event.waitUntil(this.writing);
    }
  }

  /** Ends what is in progress for accounts: what is stored of it from now on is deleted with the rest. */
  private async stop(accounts: readonly string[]): Promise<void> {
    for (const account of accounts) {
      this.signedOut.add(account);
    }
    this.used.clear();
    for (const clean of this.worker.cleanups) {
      await clean().catch(() => undefined);
    }
  }

  private delete(accounts: readonly string[]): Promise<number> {
    return deletePartitions(this.worker.part(Releases), accounts);
  }
}
