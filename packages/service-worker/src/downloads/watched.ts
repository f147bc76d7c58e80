import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';

/** As much of a download as there is to be told. */
export interface Followed {
  readonly isWhole: boolean;
  /** What the browser's storage has failed with: nothing more is stored. */
  readonly storageFailure: unknown;
}

/** What becomes of a request. */
export class Course {
  readonly key: Promise<Request>;
  /** `undefined` for a file that is stored, or comes in one go. */
  readonly download: Followed | undefined;
  /** Resolves when there is an end. */
  readonly ended: Promise<void>;
  end: {isStored: boolean} | {error: unknown} | undefined;

  constructor(key: Promise<Request>, work: Promise<unknown> | undefined, download: Followed | undefined) {
    this.key = key;
    this.download = download;
    this.ended = (work ?? Promise.resolve()).then(
      () => {
        this.end = {isStored: !work};
      },
      (error) => {
        this.end = {error};
      },
    );
  }
}

/** By URL, those that pages ask about; `undefined` for one that has not been requested since. */
const watched = new Map<string, Course | undefined>();

/** What has become of the last request for a URL, from the first call on. */
export const courseOf = (url: string): Course | undefined => {
  if (!watched.has(url)) {
    watched.set(url, undefined);
  }
  return watched.get(url);
};

/**
 * Notes what becomes of a request for a whole file, if a page wants to know.
 *
 * @param work all that there is to be done; `undefined` where the file is stored.
 */
export const note = (
  request: Request,
  handler: StrategyHandler,
  work?: Promise<unknown>,
  download?: Followed,
): void => {
  work?.catch(() => undefined);
  if (watched.has(request.url) && !request.headers.has('range')) {
    watched.set(request.url, new Course(handler.getCacheKey(request, 'read'), work, download));
  }
};
