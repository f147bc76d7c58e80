import type {PluginName} from './pluginEntries.ts';

/** In place of every plugin that is not ours. */
const OTHERS = 'others';

/**
 * The order that the plugins of a strategy need.
 *
 * The key comes first, because all others use it. The guard, the check and the scope note the key that they see, so they
 * come after whatever may change it. The guard comes before the check, which need not read what is refused, and the
 * scope stores what none of them has refused. The budget sees what the scope has found, and stores what it has left. The
 * last two work with the answer that the scope has found: one compares
 * it with the host's, one adds headers to it.
 */
const ORDER: readonly (PluginName | typeof OTHERS)[] = [
  'stableKey',
  OTHERS,
  'quotaGuard',
  'integrity',
  'versionScope',
  'budget',
  'onlyIfChanged',
  'crossOriginIsolation',
];

/** An entry or an instance of ours has its name in this field. */
const nameIn = (plugin: unknown): PluginName | undefined => (plugin as {holdfast?: PluginName}).holdfast;

/** Puts plugins in the order that they need. Those that are not ours keep theirs. */
export const inOrder = <Plugin>(
  plugins: readonly Plugin[],
  nameOf: (plugin: Plugin) => PluginName | undefined = nameIn,
): Plugin[] => {
  const rank = (plugin: Plugin) => ORDER.indexOf(nameOf(plugin) ?? OTHERS);
  return [...plugins].sort((a, b) => rank(a) - rank(b));
};
