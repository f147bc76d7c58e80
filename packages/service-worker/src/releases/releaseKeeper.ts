import type {StoreFailure} from './events.ts';
import type {Pin} from './pinned.ts';

/** What else is known of releases than their caches tell, where a package keeps more of them. */
export interface ReleaseKeeper {
  /** An asset that is kept elsewhere than in the release's cache. */
  find(pin: Pin): Promise<Response | undefined>;
  /**
   * The response to store as this asset, which breaks off if its bytes are not those that the release has to have.
   *
   * @returns why it may not be stored; or `undefined` if nothing is known of the asset.
   */
  checked(pin: Pin, response: Response): Promise<Response | StoreFailure | undefined>;
  /** Deletes what is kept elsewhere of a line, except of some versions. */
  evict(line: string, kept: readonly string[]): Promise<void>;
}

const nothingElse: ReleaseKeeper = {
  find: async () => undefined,
  checked: async () => undefined,
  evict: async () => undefined,
};

let keeper = nothingElse;

export const releaseKeeper = (): ReleaseKeeper => keeper;

export const setReleaseKeeper = (another: ReleaseKeeper): void => {
  keeper = another;
};
