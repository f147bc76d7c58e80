import {fileURLToPath} from 'node:url';

const OURS = '@holdfast/build/workbox-plugins.js';

/** What there is to import, and from where. */
const MODULES = {
  BudgetPlugin: OURS,
  CrossOriginIsolationPlugin: OURS,
  IntegrityPlugin: OURS,
  OnlyIfChangedPlugin: OURS,
  PlainBudgetPlugin: OURS,
  PlainIntegrityPlugin: OURS,
  PlainStableKeyPlugin: OURS,
  PlainVersionScopePlugin: OURS,
  QuotaGuardPlugin: OURS,
  ResumableCacheFirst: OURS,
  StableKeyPlugin: OURS,
  StrictQuotaGuardPlugin: OURS,
  VersionScopePlugin: OURS,
  budgets: OURS,
  compileTables: OURS,
  downloads: OURS,
  inspection: OURS,
  isolatePrecache: OURS,
  accounts: OURS,
  listing: OURS,
  plainBudgets: OURS,
  setUp: OURS,
  staging: OURS,
  adoption: OURS,
  addPlugins: 'workbox-precaching/addPlugins.mjs',
  BroadcastUpdatePlugin: 'workbox-broadcast-update/BroadcastUpdatePlugin.mjs',
  ExpirationPlugin: 'workbox-expiration/ExpirationPlugin.mjs',
  registerRoute: 'workbox-routing/registerRoute.mjs',
};

export type Importable = keyof typeof MODULES;

/** What a worker imports: each thing once, under a name that nothing else has. */
export class Imports {
  /** Whether a route has releases. Without any, the worker need not carry code for them. */
  readonly hasReleases: boolean;
  readonly #statements = new Map<string, string>();

  constructor(hasReleases: boolean) {
    this.hasReleases = hasReleases;
  }

  /** Returns the name in the worker. */
  use(name: Importable): string {
    const local = `holdfast_${name}`;
    // An absolute path, as Workbox's own imports have it: the text of a worker is bundled in a temporary folder.
    const path = fileURLToPath(import.meta.resolve(MODULES[name])).replaceAll('\\', '/');
    this.#statements.set(name, `import {${name} as ${local}} from ${JSON.stringify(path)};`);
    return local;
  }

  /** The statements. */
  [Symbol.iterator](): Iterator<string> {
    return this.#statements.values();
  }
}
