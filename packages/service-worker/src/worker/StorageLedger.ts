import type {StoreFailure} from './failures.ts';

/** Where an asset belongs, whether as an entry of a cache, in pieces beside it, or as a file. */
export interface StoragePlace {
  readonly key: string;
  readonly cacheName: string;
  /** Of an asset that belongs to a release: the line's id. */
  readonly line?: string | undefined;
  readonly version?: string | undefined;
}

/** What keeps account of everything that is stored, and keeps it within its budgets. */
export interface StorageLedger {
  /**
   * Makes room for an asset, before its bytes come.
   *
   * @param bytes `undefined` where nothing tells how many there will be.
   * @param type its media type.
   * @returns why it must not be stored, if so. Otherwise the caller reports the end with {@link settle}.
   */
  admit(
    place: StoragePlace,
    bytes: number | undefined,
    type: string | null,
  ): Promise<StoreFailure | undefined>;
  /**
   * Notes what is stored of an asset by now: all of it, or nothing.
   *
   * @param bytes as stored; measured where they are not given.
   * @param isNew whether that is what was admitted. Otherwise it is what was there before, if anything is.
   */
  settle(place: StoragePlace, bytes?: number, isNew?: boolean): void;
  /** Notes that a stored asset was used. */
  use(place: Pick<StoragePlace, 'cacheName' | 'key'>): void;
}
