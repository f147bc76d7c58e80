import type {WorkboxPlugin} from 'workbox-core/types.js';
import type {Scope} from './releaseOf.ts';

/** Options of {@link VersionScopePlugin}. */
export interface VersionScopePluginOptions {
  /** What the names of the caches begin with, e.g. `mailwoman-assets`. No other cache is ever deleted. */
  prefix: string;

  /**
   * Says which URLs belong to a release, and to which. Tested against the key, so against the canonical URL
   * when a `StableKeyPlugin` stands before this plugin. The group `version` names the release; all other
   * named groups together name the line. Where `version` matches nothing, the line's current release is used.
   *
   * A URL that does not match is left to the strategy and its own cache.
   *
   * @example /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//
   */
  pattern: RegExp;

  /**
   * Workbox plugins that work by cache name, such as `ExpirationPlugin` and `BroadcastUpdatePlugin`. Given
   * here instead of to the strategy, their `cachedResponseWillBeUsed` and `cacheDidUpdate` see the name of
   * the release's cache.
   *
   * @default []
   */
  plugins?: readonly WorkboxPlugin[] | undefined;
}

/** The options as the plugin uses them. */
export interface ResolvedOptions extends Scope {
  plugins: readonly WorkboxPlugin[];
}

const OPTIONS = ['prefix', 'pattern', 'plugins'];

const CALLBACKS = ['cachedResponseWillBeUsed', 'cacheDidUpdate'] as const;

const shown = (value: unknown): string =>
  typeof value === 'string'
    ? `'${value}'`
    : value instanceof Object
      ? Object.prototype.toString.call(value)
      : String(value);

const check = (correct: boolean, option: string, need: string, value: unknown): void => {
  if (!correct) {
    const got = value instanceof RegExp ? String(value) : shown(value);
    throw new TypeError(`VersionScopePlugin: option '${option}' must be ${need}, but got ${got}.`);
  }
};

const worksByCacheName = (plugin: unknown): boolean =>
  CALLBACKS.some((name) => typeof (plugin as WorkboxPlugin | undefined)?.[name] === 'function');

/**
 * The options, checked, with every default filled in.
 *
 * @throws TypeError that names the option and the value it got.
 */
export const resolveOptions = (options: VersionScopePluginOptions): ResolvedOptions => {
  const {prefix, pattern, plugins = []} = options ?? {};
  const unknown = Object.keys(options ?? {}).find((name) => !OPTIONS.includes(name));
  check(!unknown, unknown ?? '', `one of ${OPTIONS.join(', ')}`, unknown);
  check(typeof prefix === 'string' && prefix !== '', 'prefix', 'a string that is not empty', prefix);
  check(pattern instanceof RegExp, 'pattern', 'a RegExp', pattern);
  check(!pattern.global && !pattern.sticky, 'pattern', 'a RegExp without the flags g and y', pattern);
  check(pattern.source.includes('(?<version>'), 'pattern', "a RegExp with a group named 'version'", pattern);
  check(Array.isArray(plugins), 'plugins', 'an array of Workbox plugins', plugins);
  for (const plugin of plugins) {
    check(worksByCacheName(plugin), 'plugins', `plugins that have ${CALLBACKS.join(' or ')}`, plugin);
  }
  return {prefix, pattern, plugins};
};
