import {readFileSync} from 'node:fs';
import {readManifest} from '@holdfast/manifest';
import {
  integrity as integrityEntry,
  type PluginEntry,
  type PluginOptions,
} from '@holdfast/service-worker/recipes';

/** A manifest file, in the place of the list of assets. */
export interface ListedInManifest extends Omit<PluginOptions['integrity'], 'assets'> {
  /** The path of the file, as `holdfast manifest` writes it. */
  manifest: string;
  /** What its paths are relative to: the URL at which the manifest is served, or that of a folder, with a slash. */
  base: string | URL;
}

/**
 * Checks the bytes of listed assets while they are stored: see `IntegrityPlugin`. The list is given as it is, or read
 * from a manifest file while the configuration is.
 *
 * @throws ManifestError for a file that is no manifest; what Node throws for one that cannot be read.
 *
 * @example
 * integrity({manifest: 'models-v0.7.0.json', base: 'https://example.org/models/v0.7.0/'})
 */
export const integrity = (options: PluginOptions['integrity'] | ListedInManifest): PluginEntry => {
  if (!('manifest' in options)) {
    return integrityEntry(options);
  }
  const {manifest, base, ...others} = options;
  return integrityEntry({...others, assets: readManifest(readFileSync(manifest, 'utf8'), base).assets});
};
