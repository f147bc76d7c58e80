import type {WorkboxPlugin} from 'workbox-core/types.js';

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
   * the release's cache; and that of the strategy's, if it has its own, for URLs of no release.
   *
   * @default []
   */
  plugins?: readonly WorkboxPlugin[] | undefined;
}

/** The callbacks of a plugin that works by cache name. */
const CALLBACKS = ['cachedResponseWillBeUsed', 'cacheDidUpdate'] as const;

/** As JSON, which has no word for all there is: a RegExp, a function, `undefined`. */
const shown = (value: unknown): string => {
  const isJson = typeof value === 'string' || (typeof value === 'object' && !(value instanceof RegExp));
  return isJson ? JSON.stringify(value) : String(value);
};

const check = (isRight: boolean, option: string, need: string, value: unknown): void => {
  if (!isRight) {
    const subject = option ? `option '${option}'` : 'the options';
    throw new TypeError(`VersionScopePlugin: ${subject} must be ${need}, but got ${shown(value)}.`);
  }
};

const checkFields = (value: unknown, names: readonly string[]): void => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  check(isObject, '', `an object with ${names.join(', ')}`, value);
  for (const name of Object.keys(value as object)) {
    check(names.includes(name), name, `one of ${names.join(', ')}`, name);
  }
};

const worksByCacheName = (plugin: unknown): boolean =>
  CALLBACKS.some((name) => typeof (plugin as WorkboxPlugin | undefined)?.[name] === 'function');

/**
 * Refuses what {@link VersionScopePlugin} cannot work with. The plugin itself asks only in a development build, so
 * whatever makes a production worker out of options has to.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = (options: unknown): void => {
  checkFields(options, ['prefix', 'pattern', 'plugins']);
  const {prefix, pattern, plugins = []} = options as VersionScopePluginOptions;
  check(typeof prefix === 'string' && prefix !== '', 'prefix', 'a string that is not empty', prefix);
  check(pattern instanceof RegExp, 'pattern', 'a RegExp', pattern);
  check(!pattern.global && !pattern.sticky, 'pattern', 'a RegExp without the flags g and y', pattern);
  check(pattern.source.includes('(?<version>'), 'pattern', "a RegExp with a group named 'version'", pattern);
  check(Array.isArray(plugins), 'plugins', 'an array of Workbox plugins', plugins);
  for (const [index, plugin] of plugins.entries()) {
    const need = `a plugin that has ${CALLBACKS.join(' or ')}`;
    check(worksByCacheName(plugin), `plugins[${index}]`, need, plugin);
  }
};
