import {decodeManifest} from './decodeManifest.ts';
import type {Step} from './Field.ts';
import type {Manifest} from './Manifest.ts';
import {webUrl} from './webUrl.ts';

/**
 * Parses the JSON value of a manifest that `holdfast manifest` wrote. Accepts and returns the same as
 * {@link readManifest}, at a third of its size: the error names the value, but neither the line nor the reason.
 *
 * @param json the parsed JSON, such as the result of `response.json()`.
 * @param url the URL that the manifest was requested from. Paths are relative to it.
 * @throws TypeError when the value is not a manifest, or the URL is not an absolute http or https URL.
 */
export function parseManifest(json: unknown, url: string): Manifest {
  return decodeManifest(json, webUrl('.', url) ?? refuse('url'), refuse);
}

function refuse(...steps: readonly Step[]): never {
  // The message does not repeat the value, which may be a signed URL.
  throw new TypeError(`parseManifest: ${steps.join('.')} is missing or invalid. readManifest() says why.`);
}
