import {checkOptions as checkQuotaGuard} from '@holdfast/service-worker/guard/options.js';
import {checkOptions as checkCrossOriginIsolation} from '@holdfast/service-worker/isolation/options.js';
import {checkOptions as checkStableKey} from '@holdfast/service-worker/keys/options.js';
import type {PluginEntry, PluginName} from '@holdfast/service-worker/recipes';
import {checkOptions as checkVersionScope} from '@holdfast/service-worker/releases/options.js';
import type {Importable, Imports} from './Imports.ts';
import type {Place} from './Place.ts';
import {fieldSources} from './toSource.ts';

/** The plugin that an entry stands for. */
interface Plugin {
  name: Importable;
  /** @throws TypeError that names the option and the value it got. */
  // biome-ignore lint/suspicious/noExplicitAny: each takes the options of its own plugin, and tells whether they are.
  check: (options: any) => void;
}

const checkNoOptions = (options: unknown): void => {
  const [name] = Object.keys(Object(options));
  if (name !== undefined) {
    throw new TypeError(`OnlyIfChangedPlugin: there is no option '${name}'.`);
  }
};

const PLUGINS: Readonly<Record<PluginName, Plugin>> = {
  stableKey: {name: 'StableKeyPlugin', check: checkStableKey},
  quotaGuard: {name: 'QuotaGuardPlugin', check: checkQuotaGuard},
  versionScope: {name: 'VersionScopePlugin', check: checkVersionScope},
  onlyIfChanged: {name: 'OnlyIfChangedPlugin', check: checkNoOptions},
  crossOriginIsolation: {name: 'CrossOriginIsolationPlugin', check: checkCrossOriginIsolation},
};

export const isEntry = (plugin: unknown): plugin is PluginEntry =>
  typeof plugin === 'object' && plugin !== null && 'holdfast' in plugin;

/**
 * The text that makes the plugin of an entry.
 *
 * @param more fields of its options that are text already.
 * @throws TypeError for an option that text cannot carry, or that the plugin does not take.
 */
export const entrySource = (
  {holdfast, options}: PluginEntry,
  place: Place,
  imports: Imports,
  more: readonly string[] = [],
): string => {
  const {name, check} =
    PLUGINS[holdfast] ??
    place.refuse('is no plugin of Holdfast.', `There are ${Object.keys(PLUGINS).join(', ')}.`);
  if (typeof options !== 'object' || options === null) {
    place.refuse(
      `has ${options === null ? 'null' : 'no object'} for its options.`,
      `Write e.g. ${holdfast}({…}).`,
    );
  }
  // First whether text can carry it: of a closure, that says more than that it is no RegExp.
  const fields = [...fieldSources(options, place), ...more];
  try {
    check(options);
  } catch (error) {
    place.refuse('does not take its options.', (error as Error).message);
  }
  return `new ${imports.use(name)}({${fields.join(', ')}})`;
};
