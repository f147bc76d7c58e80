import {assetUrl, folderOf} from './assetUrl.ts';
import type {Manifest} from './Manifest.ts';
import {parseFrontMatter} from './parseFrontMatter.ts';
import {parseJson} from './parseJson.ts';
import {toManifest} from './toManifest.ts';

/**
 * Reads the sizes that a model card states in its field `files`, a list of paths and sizes in bytes: in the YAML at
 * the head of a Markdown card, or in a card that is JSON. A path is a relative or an absolute URL.
 *
 * A size finds a body that was cut off, but no wrong bytes: prefer a source with digests.
 *
 * https://huggingface.co/docs/hub/model-cards
 *
 * @param text the card.
 * @param base what the paths are relative to: the URL of the card itself, or of a folder, with a slash at its end.
 * @throws ManifestError
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
