import {bytesInPieces} from '../downloads/bytesInPieces.ts';
import {opaqueEntryBytes} from '../guard/opaqueEntryBytes.ts';
import {bodyBytes} from '../releases/bodyBytes.ts';
import type {Place} from './Entry.ts';
import {keyIn} from './places.ts';

/** An empty file takes room, too: its entry. */
const EMPTY_BYTES = 1;

/** What is stored of a file. */
export interface StoredFile {
  /** 0 where nothing is. */
  bytes: number;
  type: string;
  /** When its host sent it, as far as that is known. */
  date: number | undefined;
}

/** Returns the entry at a place. To open a cache that is not there would make it. */
const readEntry = async (place: Place): Promise<Response | undefined> => {
  const {cacheName} = place;
  const cache = (await caches.has(cacheName)) ? await caches.open(cacheName) : undefined;
  return cache?.match(await keyIn(cache, place), {ignoreVary: true});
};

/** Returns what is stored at a place, as an entry or in pieces. */
export const storedFile = async (place: Place): Promise<StoredFile> => {
  const response = await readEntry(place);
  if (!response) {
    const {cacheName, key} = place;
    return {bytes: await bytesInPieces({home: cacheName, key}), type: '', date: undefined};
  }
  const {headers, type} = response;
  const date = Date.parse(headers.get('date') ?? '');
  return {
    bytes:
      type === 'opaque' ? opaqueEntryBytes(navigator.userAgent) : (await bodyBytes(response)) || EMPTY_BYTES,
    type: headers.get('content-type') ?? '',
    date: date > 0 ? date : undefined,
  };
};
