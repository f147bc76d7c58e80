import type {Manifest} from '@holdfast/manifest';

/** What is smaller is soon fetched again, and no reason to ask a user. */
const BIG_BYTES = 10_000_000;

/** A page asks once at the most: a browser may ask the user each time. */
let asked: Promise<boolean> | undefined;

const isPersisted = async (manifest: Manifest | undefined): Promise<boolean> => {
  if (await navigator.storage.persisted()) {
    return true;
  }
  const bytes = manifest?.assets.reduce((sum, {size = BIG_BYTES}) => sum + size, 0) ?? BIG_BYTES;
  if (bytes < BIG_BYTES) {
    return false;
  }
  asked ??= navigator.storage.persist();
  return asked;
};

/**
 * Asks the browser not to clear what is about to be stored, if that is much, or nobody knows how much. Does not wait
 * for the answer, which a user may have to give.
 *
 * @returns a function that tells the answer: `undefined` as long as there is none, and where the browser cannot tell.
 */
export const persistIfLarge = (manifest?: Manifest): (() => boolean | undefined) => {
  let answer: boolean | undefined;
  isPersisted(manifest).then(
    (persisted) => {
      answer = persisted;
    },
    () => undefined,
  );
  return () => answer;
};
