import type {Field} from './Field.ts';
import type {Digest, Manifest, ManifestAsset} from './Manifest.ts';

/**
 * Makes a manifest of entries, in their order. Entries with the same URL become one asset, with everything that is known
 * of it. Digests by two algorithms may both be right. Then the first one counts; one by SHA-1 gives way to any other.
 *
 * @throws ManifestError when two entries contradict each other.
 */
export function toManifest(entries: readonly Field[], read: (entry: Field) => ManifestAsset): Manifest {
  const assets = new Map<string, ManifestAsset>();
  /** Algorithm and URL → hex digits. */
  const digests = new Map<string, string>();
  for (const entry of entries) {
    const {url, size, digest} = read(entry);
    const known = assets.get(url);
    if (differ(known?.size, size)) {
      entry.refuse('is listed before with another size');
    }
    if (digest) {
      const id = `${digest.algorithm} ${url}`;
      if (differ(digests.get(id), digest.hex)) {
        entry.refuse('is listed before with another digest');
      }
      digests.set(id, digest.hex);
    }
    const better = betterOf(known?.digest, digest);
    assets.set(
      url,
      Object.assign({}, known, {url}, size !== undefined && {size}, better && {digest: better}),
    );
  }
  return {assets: [...assets.values()]};
}

function betterOf(known: Digest | undefined, digest: Digest | undefined): Digest | undefined {
  return known?.algorithm === 'git-blob-sha1' ? (digest ?? known) : (known ?? digest);
}

function differ<T>(one: T | undefined, other: T | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
