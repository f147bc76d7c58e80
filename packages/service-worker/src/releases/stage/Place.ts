import {storeFailure} from '../../guard/storeFailure.ts';
import {discardBody} from '../../http/discardBody.ts';
import type {StoreFailure} from '../../messages/protocol.ts';
import {admitted} from '../../worker/admitted.ts';
import {outdated, type Pin} from '../pinRequest.ts';
import type {Checked, Releases} from '../Releases.ts';
import {type StagePuts, store} from '../store.ts';
import {readFile, removeFile, removeFolder, writeFile} from './releaseFiles.ts';

/** Where an asset of a release belongs: an entry of its cache, or a file. */
export interface Place {
  read(): Promise<Response | undefined>;
  /** Stores all of a response, or nothing of it. Returns what prevented it, if anything did. */
  write(checked: Checked): Promise<StoreFailure | undefined>;
  remove(): Promise<void>;
}

const inCache = (releases: Releases, pin: Pin, puts: StagePuts | undefined): Place => {
  const {key, cacheName} = pin;
  return {
    read: () => caches.match(key, {cacheName, ignoreVary: true}),
    write: async (checked) => {
      const outcome = await store(releases, pin, checked, puts);
      return typeof outcome === 'string' ? outcome : undefined;
    },
    remove: async () => {
      await (await caches.open(cacheName)).delete(key, {ignoreVary: true});
    },
  };
};

const inFile = (releases: Releases, pin: Pin, file: string): Place => ({
  read: async () => {
    const found = await readFile(pin, file);
    return found && new Response(found);
  },
  write: async ({response}) => {
    const write = (): Promise<StoreFailure | undefined> =>
      writeFile(pin, file, response.body ?? new Blob().stream()).then(() => undefined, storeFailure);
    const size = async (): Promise<number | undefined> => (await readFile(pin, file))?.size;
    const reason = outdated(releases, pin) ?? (await admitted(releases.worker, pin, response, write, size));
    if (reason) {
      discardBody(response);
    }
    await releases.evictions.refresh();
    const gone = outdated(releases, pin);
    if (gone) {
      // The record is deleted, so nothing else would delete the file.
      await removeFolder(pin);
    }
    return gone ?? reason;
  },
  remove: () => removeFile(pin, file),
});

/**
 * Returns where an asset belongs.
 *
 * @param file the path of a file, for an asset that is not in the cache.
 * @param puts what the puts of small assets of a stage share.
 */
export const placeOf = (
  releases: Releases,
  pin: Pin,
  file: string | undefined,
  puts?: StagePuts | undefined,
): Place => (file === undefined ? inCache(releases, pin, puts) : inFile(releases, pin, file));
