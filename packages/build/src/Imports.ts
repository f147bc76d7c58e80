import {fileURLToPath} from 'node:url';

/** What there is to import, and from where. */
const MODULES = {
  CrossOriginIsolationPlugin: '@holdfast/build/workbox-plugins.js',
  OnlyIfChangedPlugin: '@holdfast/build/workbox-plugins.js',
  QuotaGuardPlugin: '@holdfast/build/workbox-plugins.js',
  StableKeyPlugin: '@holdfast/build/workbox-plugins.js',
  VersionScopePlugin: '@holdfast/build/workbox-plugins.js',
  ResumableCacheFirst: '@holdfast/build/workbox-plugins.js',
  createStableKey: '@holdfast/build/workbox-plugins.js',
  handleDownloadMessages: '@holdfast/build/workbox-plugins.js',
  handleReleaseMessages: '@holdfast/build/workbox-plugins.js',
  handleVersionMessages: '@holdfast/build/workbox-plugins.js',
  isolatePrecache: '@holdfast/build/workbox-plugins.js',
  addPlugins: 'workbox-precaching/addPlugins.mjs',
  BroadcastUpdatePlugin: 'workbox-broadcast-update/BroadcastUpdatePlugin.mjs',
  ExpirationPlugin: 'workbox-expiration/ExpirationPlugin.mjs',
  registerRoute: 'workbox-routing/registerRoute.mjs',
};

export type Importable = keyof typeof MODULES;

/** What a worker imports: each thing once, under a name that nobody else gives. */
export class Imports {
  readonly #statements = new Map<string, string>();

  /** @returns the name in the worker. */
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
