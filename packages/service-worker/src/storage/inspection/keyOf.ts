import type {WorkboxPlugin} from 'workbox-core/types.js';

/** What our plugins look like from outside. */
interface OurPlugin {
  holdfast?: string;
  /** Of a `StableKeyPlugin`. */
  keyOf(url: string, accept?: string): string;
}

/**
 * Returns the key of a request, as the `StableKeyPlugin` among some plugins makes it. Others are not asked: their callbacks
 * may do more than that.
 */
export const keyOf = (plugins: readonly WorkboxPlugin[], {url, headers}: Request): string => {
  const stable = (plugins as unknown as OurPlugin[]).find(({holdfast}) => holdfast === 'stableKey');
  return stable ? stable.keyOf(url, headers.get('accept') ?? '') : url.replace(/#.*/, '');
};
