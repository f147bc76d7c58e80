import {assetUrl} from './assetUrl.ts';
import {folderOf} from './folderOf.ts';
import type {Manifest} from './Manifest.ts';
import {parseFrontMatter} from './parseFrontMatter.ts';
import {parseJson} from './parseJson.ts';
import {toManifest} from './toManifest.ts';

/**
 * Reads the field `files` of a model card: a list of paths and sizes in bytes. The card is Markdown with YAML front
 * matter, or JSON. A path is a relative or an absolute URL.
 *
 * A size detects a truncated body, but not wrong bytes. Prefer a source with digests.
 *
 * https://huggingface.co/docs/hub/model-cards
 *
 * @param base the URL of the card, or of a folder with a trailing slash. Paths are relative to it.
 * @throws ManifestError when the card has no valid list of files.
 * @throws TypeError when the base is not an absolute http or https URL.
 *
 * @example
 * ---
 * license: mit
 * files:
 *   - path: model.onnx
 *     size: 61234567
 * ---
 */
export function readModelCard(text: string, base: string | URL): Manifest {
  const folder = folderOf(base);
  const card = /^\s*\{/.test(text) ? parseJson(text) : parseFrontMatter(text);
  return toManifest(card.get('files').items(), (file) => ({
    url: assetUrl(file.get('path'), folder),
    size: file.get('size').bytes(),
  }));
}
