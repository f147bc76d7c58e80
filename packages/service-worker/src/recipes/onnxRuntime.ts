import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {A_PUBLISHED_FILE, EXACT_VERSION} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

const RUNTIME = new RegExp(
  `^${A_PUBLISHED_FILE}https://(?:cdn\\.jsdelivr\\.net/npm|unpkg\\.com)/onnxruntime-web` +
    `@(?<version>${EXACT_VERSION})`,
);

/**
 * Stores onnxruntime-web, its loader and its WebAssembly, in an exact version.
 *
 * Caches: `onnxruntime-web-1.30.0`.
 */
export const onnxRuntime = (options: RecipeOptions = {}): RouteEntry[] => {
  checkRecipe('onnxRuntime', options, ['cachePrefix']);
  return [
    pinned(
      RUNTIME,
      {prefix: cacheNamed('onnxruntime-web', options), pattern: RUNTIME},
      {tables: ['jsDelivr']},
    ),
  ];
};
