import {createRequestKey} from './createRequestKey.ts';

const keyOf = /* @__PURE__ */ createRequestKey({});

/**
 * The key under which an asset is kept: its URL without what does not choose the bytes.
 *
 * Signatures, tokens, credentials and fragments are dropped, and the spellings of one URL that a provider knows
 * become one. What a rule does not name stays, byte for byte: the query of an unknown URL, and of a known one
 * whatever may choose other bytes (`versionId`, `generation`, `snapshot`, an image's size, `X-Xet-Signed-Range`).
 * A key is the key of itself.
 *
 * A signed Supabase image carries its transformation in the token. There the key holds that claim, as
 * `holdfast-transformations`, and neither the token's dates nor its signature.
 *
 * @throws TypeError when the URL is not absolute, or no URL. The message names it up to its query.
 *
 * @example
 * stableKey('https://hf.co/org/model/resolve/refs%2Fpr%2F1/model.onnx?download=true');
 * // 'https://huggingface.co/org/model/resolve/refs/pr/1/model.onnx'
 */
export const stableKey = (url: string | URL): string => keyOf(url);
