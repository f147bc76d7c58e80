import type {Manifest} from '@holdfast/manifest';

/** Less is soon fetched again, and no reason to ask a user. */
const LARGE_BYTES = 10_000_000;

/** Whether the browser promises not to clear the site's storage, and the request that it does. */
export class Persistence {
  /** A page asks once at most, since a browser may ask the user each time. */
  private asked: Promise<boolean> | undefined;

  /**
   * Asks for persistent storage if much is about to be stored, or its size is unknown. Does not wait for the answer,
   * which a user may have to give.
   *
   * @returns a function that returns the answer: `undefined` while there is none, and where the browser has none.
   */
  askIfLarge(manifest?: Manifest): () => boolean | undefined {
    let answer: boolean | undefined;
    this.isPersisted(manifest).then(
      (persisted) => {
        answer = persisted;
      },
      () => undefined,
    );
    return () => answer;
  }

  private async isPersisted(manifest: Manifest | undefined): Promise<boolean> {
    if (await navigator.storage.persisted()) {
      return true;
    }
    const bytes = manifest?.assets.reduce((sum, {size = LARGE_BYTES}) => sum + size, 0) ?? LARGE_BYTES;
    if (bytes < LARGE_BYTES) {
      return false;
    }
    this.asked ??= navigator.storage.persist();
    return this.asked;
  }
}
