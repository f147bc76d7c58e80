import type {Step} from './Field.ts';
import type {Manifest, ManifestAsset} from './Manifest.ts';
import {resolvePath} from './resolvePath.ts';

/**
 * Decodes the JSON value that `holdfast manifest` writes. Only this function knows the format. Its callers differ in
 * how they report an error.
 *
 * @param folder the result of {@link folderOf}.
 * @param refuse throws an error about a value that is missing, is invalid, or contradicts an earlier entry. It gets the
 * steps to the value.
 */
export function decodeManifest(
  json: unknown,
  folder: string,
  refuse: (...steps: readonly Step[]) => never,
): Manifest {
  const {holdfast, assets} = Object(json);
  if (holdfast !== 1) {
    return refuse('holdfast');
  }
  if (!Array.isArray(assets)) {
    return refuse('assets');
  }
  const decoded = new Map<string, ManifestAsset>();
  for (const [index, entry] of assets.entries()) {
    const {path, size, sha256} = Object(entry);
    const url = typeof path === 'string' && resolvePath(path, folder);
    if (!url) {
      return refuse('assets', index, 'path');
    }
    const {size: knownSize = size, digest} = decoded.get(url) ?? {};
    if (!Number.isSafeInteger(size) || size < 0 || size !== knownSize) {
      return refuse('assets', index, 'size');
    }
    const hex = typeof sha256 === 'string' && sha256.toLowerCase();
    if (!hex || !/^[\da-f]{64}$/.test(hex) || (digest && digest.hex !== hex)) {
      return refuse('assets', index, 'sha256');
    }
    decoded.set(url, {url, size, digest: {algorithm: 'sha256', hex}});
  }
  return {assets: [...decoded.values()]};
}
