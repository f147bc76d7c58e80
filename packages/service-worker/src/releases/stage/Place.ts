import {outdated, type Pin, store, storeFailure} from '../staging.ts';
import {readFile, removeFile, removeFolder, writeFile} from './keptFiles.ts';
import type {StageFailureReason} from './messages.ts';

/** Where an asset of a release is kept, or is to be. */
export interface Place {
  read(): Promise<Response | undefined>;
  /** All of the response, or nothing of it. @returns what prevented it, if anything did. */
  write(response: Response): Promise<StageFailureReason | undefined>;
  remove(): Promise<void>;
}

const inCache = (pin: Pin): Place => {
  const {key, cacheName} = pin;
  return {
    read: () => caches.match(key, {cacheName, ignoreVary: true}),
    write: async (response) => {
      const outcome = await store(pin, response);
      return typeof outcome === 'string' ? outcome : undefined;
    },
    remove: async () => {
      await (await caches.open(cacheName)).delete(key, {ignoreVary: true});
    },
  };
};

const inFile = (pin: Pin, file: string): Place => ({
  read: async () => {
    const found = await readFile(pin, file);
    return found && new Response(found);
  },
  write: async (response) => {
    let reason: StageFailureReason | undefined = outdated(pin);
    try {
      if (!reason) {
        await writeFile(pin, file, response.body ?? new Blob().stream());
      }
    } catch (error) {
      reason = storeFailure(error, response);
    }
    const gone = outdated(pin);
    if (gone) {
      // Nobody knows of it any more, so nobody else would delete it.
      await removeFolder(pin.line, pin.version);
    }
    return gone ?? reason;
  },
  remove: () => removeFile(pin, file),
});

export const placeOf = (pin: Pin, file: string | undefined): Place =>
  file === undefined ? inCache(pin) : inFile(pin, file);
