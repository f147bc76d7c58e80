import {assetUrl, folderOf} from './assetUrl.ts';
import type {Manifest} from './Manifest.ts';
import {parseJson} from './parseJson.ts';
import {toManifest} from './toManifest.ts';

/**
 * Reads what `holdfast manifest` writes:
 * `{"holdfast": 1, "assets": [{"path": "model.onnx", "size": 123, "sha256": "…64 hex digits…"}]}`.
 *
 * A path is a relative or an absolute URL.
 *
 * @param text the JSON text.
 * @param base what the paths are relative to: the URL of the manifest itself, or of a folder, with a slash at its end.
 * @throws ManifestError
 */
export function readManifest(text: string, base: string | URL): Manifest {
  const folder = folderOf(base);
  const manifest = parseJson(text);
  const format = manifest.get('holdfast');
  if (format.value !== 1) {
    format.mustBe('1, the number of this format');
  }
  return toManifest(manifest.get('assets').items(), (entry) => ({
    url: assetUrl(entry.get('path'), folder),
    size: entry.get('size').bytes(),
    digest: entry.get('sha256').digest('sha256'),
  }));
}
