import {fileURLToPath} from 'node:url';

const OURS = '@holdfast/build/workbox-plugins.js';

/** What there is to import, and from where. */
const MODULES = {
  CrossOriginIsolationPlugin: OURS,
  IntegrityPlugin: OURS,
  OnlyIfChangedPlugin: OURS,
  PlainIntegrityPlugin: OURS,
  PlainStableKeyPlugin: OURS,
  PlainVersionScopePlugin: OURS,
  QuotaGuardPlugin: OURS,
  ResumableCacheFirst: OURS,
  StableKeyPlugin: OURS,
  StrictQuotaGuardPlugin: OURS,
  VersionScopePlugin: OURS,
  compileTables: OURS,
  downloads: OURS,
  isolatePrecache: OURS,
  accounts: OURS,
  listing: OURS,
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
  readonly #statements = new Map<string, string>();

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
