import {cacheNamed} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {type HuggingFaceOptions, huggingFace} from './huggingFace.ts';
import {onnxRuntime} from './onnxRuntime.ts';
import {A_PUBLISHED_FILE, EXACT_VERSION} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

/** Version 2 had another name. Up to version 3 the package has its own copy of onnxruntime-web. */
const LIBRARY = new RegExp(
  `^${A_PUBLISHED_FILE}https://(?:cdn\\.jsdelivr\\.net/npm|unpkg\\.com)/@(?:huggingface|xenova)/transformers` +
    `@(?<version>${EXACT_VERSION})`,
);

/**
 * Stores Transformers.js: the library, the onnxruntime-web that it loads, and the models, see {@link huggingFace}. Set
 * `env.useBrowserCache = false` in the page, else it stores a second copy of everything.
 *
 * Caches: `transformers.js-4.3.1`, those of {@link onnxRuntime}, and those of {@link huggingFace}.
 *
 * @param options those of the models' routes. The prefix is for all caches.
 */
export const transformersJs = (options: HuggingFaceOptions = {}): RouteEntry[] => {
  checkRecipe('transformersJs', options, ['cachePrefix', 'only', 'mirror', 'resumable']);
  return [
    pinned(
      LIBRARY,
      {prefix: cacheNamed('transformers.js', options), pattern: LIBRARY},
      {tables: ['jsDelivr']},
    ),
    ...onnxRuntime({cachePrefix: options.cachePrefix}),
    ...huggingFace(options),
  ];
};
