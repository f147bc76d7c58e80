import {builtInTables} from './builtInTables.ts';
import {createRequestKey} from './createRequestKey.ts';
import {resolveRules} from './resolveRules.ts';

const keyOf = /* @__PURE__ */ createRequestKey(
  /* @__PURE__ */ resolveRules({}, /* @__PURE__ */ builtInTables({})),
);

/**
 * Returns the key under which an asset is stored: its URL without what does not choose the bytes.
 *
 * Signatures, tokens, credentials and fragments are dropped, and the spellings that a provider treats as one become
 * one. What no rule names stays, byte for byte: the query of an unknown URL, and of a known one whatever may choose
 * other bytes (`versionId`, `generation`, `snapshot`, the size of an image, `X-Xet-Signed-Range`). A key is its own key.
 *
 * A signed Supabase image carries its transformation in the token. Its key holds that claim, as
 * `holdfast-transformations`, and neither the dates of the token nor its signature.
 *
 * @throws TypeError when the URL is not absolute, or not a URL. The message shows it without query and credentials.
 *
 * @example
 * stableKey('https://hf.co/org/model/resolve/refs%2Fpr%2F1/model.onnx?download=true');
 * // 'https://huggingface.co/org/model/resolve/refs/pr/1/model.onnx'
 */
export const stableKey = (url: string | URL): string => keyOf(url);
