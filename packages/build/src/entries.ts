import {
  COLLECTED_BYTES,
  checkBudgetOptions,
  checkCrossOriginIsolationOptions,
  checkIntegrityOptions,
  checkOnlyIfChangedOptions,
  checkQuotaGuardOptions,
  checkStableKeyOptions,
  checkVersionScopeOptions,
} from '@holdfast/service-worker/options';
import type {PluginEntry, PluginName, PluginOptions} from '@holdfast/service-worker/recipes';
import type {Importable, Imports} from './Imports.ts';
import type {KeyTables} from './KeyTables.ts';
import type {Place} from './Place.ts';
import {fieldSources} from './toSource.ts';

/** The plugin that an entry stands for. */
interface Plugin {
  /** The class that suits the options: the smallest one that does what they say. */
  classFor: (options: object, imports: Imports) => Importable;
  /** @throws TypeError that names the option and the value it got. */
  check: (options: unknown) => void;
}

/** Tells whether each listed asset is so small that its body can be collected to be digested. */
const areSmall = ({assets}: PluginOptions['integrity']): boolean =>
  assets.every(({size = Number.POSITIVE_INFINITY}) => size <= COLLECTED_BYTES);

const PLUGINS: Readonly<Record<PluginName, Plugin>> = {
  stableKey: {classFor: () => 'StableKeyPlugin', check: checkStableKeyOptions},
  quotaGuard: {
    classFor: (options) => ('opaque' in options ? 'QuotaGuardPlugin' : 'StrictQuotaGuardPlugin'),
    check: checkQuotaGuardOptions,
  },
  integrity: {
    classFor: (options) =>
      areSmall(options as PluginOptions['integrity']) ? 'PlainIntegrityPlugin' : 'IntegrityPlugin',
    check: checkIntegrityOptions,
  },
  versionScope: {
    classFor: (options) => ('plugins' in options ? 'VersionScopePlugin' : 'PlainVersionScopePlugin'),
    check: checkVersionScopeOptions,
  },
  budget: {
    classFor: (_options, {hasReleases}) => (hasReleases ? 'BudgetPlugin' : 'PlainBudgetPlugin'),
    check: checkBudgetOptions as (options: unknown) => void,
  },
  onlyIfChanged: {classFor: () => 'OnlyIfChangedPlugin', check: checkOnlyIfChangedOptions},
  crossOriginIsolation: {
    classFor: () => 'CrossOriginIsolationPlugin',
    check: checkCrossOriginIsolationOptions,
  },
};

export const isEntry = (plugin: unknown): plugin is PluginEntry =>
  typeof plugin === 'object' && plugin !== null && 'holdfast' in plugin && 'options' in plugin;

/**
 * Returns the text that makes the plugin of an entry.
 *
 * @param tables what plugins for keys share.
 * @param nested the texts of the plugins that it runs itself.
 * @throws TypeError for an option that text cannot carry, or that the plugin does not take.
 */
export const entrySource = (
  {holdfast, options}: PluginEntry,
  place: Place,
  imports: Imports,
  tables: KeyTables,
  nested: readonly string[] = [],
): string => {
  const {classFor, check} =
    PLUGINS[holdfast] ??
    place.refuse('is no plugin of Holdfast.', `There are ${Object.keys(PLUGINS).join(', ')}.`);
  if (typeof options !== 'object' || options === null) {
    place.refuse(
      `has ${options === null ? 'null' : 'no object'} for its options.`,
      `Write e.g. ${holdfast}({…}).`,
    );
  }
  // First whether text can carry it: of a closure, that says more than that it is no RegExp.
  const fields = fieldSources(options, place);
  try {
    check(options);
  } catch (error) {
    place.refuse('does not take its options.', (error as Error).message);
  }
  if (holdfast === 'stableKey') {
    return tables.pluginSource(fields);
  }
  const plugins = nested.length > 0 ? [`"plugins": [${nested.join(', ')}]`] : [];
  const name = classFor(nested.length > 0 ? {...options, plugins} : options, imports);
  return `new ${imports.use(name)}({${[...fields, ...plugins].join(', ')}})`;
};
