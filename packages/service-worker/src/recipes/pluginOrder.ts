import type {PluginName} from './pluginEntries.ts';

/** In the place of every plugin that is not ours. */
const OTHERS = 'others';

/**
 * The order in which a strategy's plugins have to stand.
 *
 * The key comes first, because all others work with it. The guard and the scope remember the key that they see,
 * so they stand behind whatever may change it; and the scope stores what nobody before it has refused. The last
 * two work with the answer that the scope has found: one compares it with the host's, one adds headers to it.
 */
const ORDER: readonly (PluginName | typeof OTHERS)[] = [
  'stableKey',
  OTHERS,
  'quotaGuard',
  'versionScope',
  'onlyIfChanged',
  'crossOriginIsolation',
];

/** Puts plugins in the order that they need. Those that are not ours keep theirs. */
export const inOrder = <Plugin>(
  plugins: readonly Plugin[],
  nameOf: (plugin: Plugin) => PluginName | undefined,
): Plugin[] => {
  const rank = (plugin: Plugin) => ORDER.indexOf(nameOf(plugin) ?? OTHERS);
  return [...plugins].sort((a, b) => rank(a) - rank(b));
};
