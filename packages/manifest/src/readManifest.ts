import {assetUrl} from './assetUrl.ts';
import {decodeManifest} from './decodeManifest.ts';
import type {Field, Step} from './Field.ts';
import {folderOf} from './folderOf.ts';
import type {Manifest} from './Manifest.ts';
import {parseJson} from './parseJson.ts';

/**
 * Reads the JSON text that `holdfast manifest` writes:
 * `{"holdfast": 1, "assets": [{"path": "model.onnx", "size": 123, "sha256": "…64 hex digits…"}]}`.
 *
 * A path is a relative or an absolute URL.
 *
 * @param base the URL of the manifest, or of a folder with a trailing slash. Paths are relative to it.
 * @throws ManifestError when the manifest is invalid.
 * @throws TypeError when the base is not an absolute http or https URL.
 */
export function readManifest(text: string, base: string | URL): Manifest {
  const folder = folderOf(base);
  const manifest = parseJson(text);
  return decodeManifest(manifest.value, folder, (...steps) => explain(manifest, folder, steps));
}

/** Throws the error for the value that {@link decodeManifest} refuses, with its line and the reason. */
function explain(manifest: Field, folder: string, [member, index, name]: readonly Step[]): never {
  if (member === 'holdfast') {
    manifest.get('holdfast').mustBe('1, the number of this format');
  }
  const entry = manifest.get('assets').items()[index as number] as Field;
  const field = entry.get(name as string);
  if (name === 'path') {
    assetUrl(field, folder);
  } else if (name === 'size') {
    field.bytes();
  } else {
    field.digest('sha256');
  }
  return entry.refuse(`is listed before with another ${name === 'size' ? 'size' : 'digest'}`);
}
