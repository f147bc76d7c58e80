import type {Field} from './Field.ts';
import type {Manifest, ManifestAsset} from './Manifest.ts';

/**
 * Makes a manifest of entries, in their order. Entries with the same URL become one asset, with everything that is known
 * of it.
 *
 * @throws ManifestError when two entries contradict each other.
 */
export function toManifest(entries: readonly Field[], read: (entry: Field) => ManifestAsset): Manifest {
  const assets = new Map<string, ManifestAsset>();
  for (const entry of entries) {
    const {url, size, digest} = read(entry);
    const known = assets.get(url);
    if (differ(known?.size, size)) {
      entry.refuse('is listed before with another size');
    }
    if (differ(known?.digest?.algorithm, digest?.algorithm)) {
      // Both may be right: the digests of two algorithms cannot be compared.
      entry.refuse('is listed before with another digest algorithm');
    }
    if (differ(known?.digest?.hex, digest?.hex)) {
      entry.refuse('is listed before with another digest');
    }
    assets.set(url, Object.assign({}, known, {url}, size !== undefined && {size}, digest && {digest}));
  }
  return {assets: [...assets.values()]};
}

function differ<T>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
