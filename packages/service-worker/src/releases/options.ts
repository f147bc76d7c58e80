import type {WorkboxPlugin} from 'workbox-core/types.js';
import {OptionsChecker} from '../options/OptionsChecker.ts';

/** Options of {@link VersionScopePlugin}. */
export interface VersionScopePluginOptions {
  /** How the names of the caches begin, e.g. `models`. No other cache is ever deleted. */
  prefix: string;

  /**
   * Says which URLs belong to a release, and to which one. It is tested against the key, so against the canonical URL
   * behind a `StableKeyPlugin`. The group `version` names the release; all other named groups together name the line.
   * Where `version` matches nothing, the line's current release is used.
   *
   * A URL that does not match is left to the strategy and its own cache.
   *
   * @example /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//
   */
  pattern: RegExp;

  /**
   * Workbox plugins that work by cache name, such as `ExpirationPlugin` and `BroadcastUpdatePlugin`. Given here instead
   * of to the strategy, their `cachedResponseWillBeUsed` and `cacheDidUpdate` see the name of the release's cache; and
   * that of the strategy's, if it has its own, for URLs of no release.
   *
   * @default []
   */
  plugins?: readonly WorkboxPlugin[] | undefined;

  /**
   * Whether the route's answers may be HTML, whatever their URLs look like. Elsewhere HTML is stored only for a
   * navigation, or for a URL that ends in `.html`.
   *
   * @default false
   */
  html?: boolean | undefined;
}

/** The callbacks of a plugin that works by cache name. */
const CALLBACKS = ['cachedResponseWillBeUsed', 'cacheDidUpdate'] as const;

const worksByCacheName = (plugin: unknown): boolean =>
  CALLBACKS.some((name) => typeof (plugin as WorkboxPlugin | undefined)?.[name] === 'function');

/**
 * Refuses what {@link VersionScopePlugin} cannot work with. The plugin itself asks only in a development build; the
 * build asks for production workers.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = (options: unknown): void => {
  const checker: OptionsChecker = new OptionsChecker('VersionScopePlugin');
  checker.checkFields(options, '', ['prefix', 'pattern', 'plugins', 'html']);
  const {prefix, pattern, plugins = [], html = false} = options as VersionScopePluginOptions;
  checker.check(typeof prefix === 'string' && prefix !== '', 'prefix', 'a non-empty string', prefix);
  checker.check(pattern instanceof RegExp, 'pattern', 'a RegExp', pattern);
  checker.check(!pattern.global && !pattern.sticky, 'pattern', 'a RegExp without the flags g and y', pattern);
  const hasVersion = pattern.source.includes('(?<version>');
  checker.check(hasVersion, 'pattern', "a RegExp with a group named 'version'", pattern);
  checker.check(typeof html === 'boolean', 'html', 'true or false', html);
  checker.check(Array.isArray(plugins), 'plugins', 'an array of Workbox plugins', plugins);
  for (const [index, plugin] of plugins.entries()) {
    const need = `a plugin that has ${CALLBACKS.join(' or ')}`;
    checker.check(worksByCacheName(plugin), `plugins[${index}]`, need, plugin);
  }
};
