import type {Piece} from './Piece.ts';
import {bytesIn, insert, type Segment} from './segments.ts';

/** One cache for each file, so that it goes in one step. */
const CACHE_PREFIX = 'holdfast-large-files ';
/** Keys of a cache have to be URLs. This host exists nowhere. https://www.rfc-editor.org/rfc/rfc2606#section-2 */
const BASE = 'https://pieces.invalid/';

/** A file, and the cache whose entry it is to become: what two releases have under one key are two files. */
export interface FilePlace {
  key: string;
  /** The name of the cache. With it, the pieces go. */
  home: string;
}

/** What a host has said about a file. */
export interface FileFacts {
  /** In bytes. */
  size: number;
  /** Tells whether a later answer has the same bytes; `undefined` where nothing does, and no later one can be used. */
  validator: string | undefined;
  /** Of the answer with the whole file. */
  headers: [string, string][];
}

/** What is known of a file beside its pieces. */
interface About extends FileFacts {
  /** When a request last began to fetch of it, in milliseconds since 1970. */
  askedAt: number;
  /** Whether all of it was found right, and stays in pieces. */
  isChecked: boolean;
}

/** What a place is called. In a URL there is no space. */
export const idOf = ({home, key}: FilePlace): string => `${home} ${key}`;

/** Another worker of the origin may put pieces of another file under the same key: their names say of which they are. */
const urlOf = ({start, end}: Segment, validator = ''): string =>
  `${BASE}${start}-${end}?${encodeURIComponent(validator)}`;

/** The pieces of a file among the keys of its cache, in order. */
const segmentsOf = (keys: readonly Request[], validator?: string): Segment[] => {
  const segments: Segment[] = [];
  for (const {url} of keys) {
    const [, start, end] = /(\d+)-(\d+)\?/.exec(url) ?? [];
    const segment = {start: Number(start), end: Number(end)};
    if (url === urlOf(segment, validator)) {
      insert(segments, segment);
    }
  }
  // Two workers may have fetched the same bytes.
  return segments.filter(({start}, index) => start >= (segments[index - 1]?.end ?? 0));
};

/**
 * The pieces of a file that is on its way, in a cache of their own. A put is whole or it leaves nothing, so whatever is
 * found here is right after the death of a worker, too.
 */
export class PieceStore {
  readonly place: FilePlace;
  /** What is stored, in order. Pieces may have any length. */
  readonly segments: Segment[] = [];
  facts: About | undefined;
  private readonly cacheName: string;
  private readonly puts = new Set<Promise<unknown>>();
  private isCleared = false;

  private constructor(place: FilePlace) {
    this.place = place;
    this.cacheName = CACHE_PREFIX + idOf(place);
  }

  /** What is stored of a file. */
  static async open(place: FilePlace): Promise<PieceStore> {
    const store = new PieceStore(place);
    const {cacheName} = store;
    store.facts = await (await caches.match(BASE, {cacheName}))?.json().catch(() => undefined);
    if (store.facts) {
      const keys = await (await caches.open(cacheName)).keys();
      store.segments.push(...segmentsOf(keys, store.facts.validator));
    }
    return store;
  }

  /** The same, to go on with it. Nothing of it counts if no later answer could be used with it. */
  static async resume(place: FilePlace): Promise<PieceStore> {
    const store = await PieceStore.open(place);
    if (store.facts?.validator !== undefined) {
      return store;
    }
    await store.clear();
    return new PieceStore(place);
  }

  get isWhole(): boolean {
    return bytesIn(this.segments) === this.facts?.size;
  }

  /**
   * Notes what the file is, before anything of it is stored, and that somebody asks for it just now. From then on the
   * cache is there whose entry it is to become.
   */
  async describe({size, validator, headers}: FileFacts): Promise<void> {
    await caches.open(this.place.home);
    const isChecked = this.facts?.isChecked ?? false;
    await this.note({size, validator, headers, isChecked, askedAt: Date.now()});
  }

  /** Notes whether all of it was found right. */
  async check(isChecked: boolean): Promise<void> {
    if (this.facts) {
      await this.note(Object.assign({}, this.facts, {isChecked}));
    }
  }

  /** Stores a piece while it is filled, and what there is of it if it is cut. Rejects if storage refuses it. */
  async put(piece: Piece): Promise<void> {
    const put = this.putInto(piece);
    this.puts.add(put);
    try {
      await put;
    } finally {
      this.puts.delete(put);
    }
    if (!this.isCleared && piece.end > piece.start) {
      insert(this.segments, {start: piece.start, end: piece.end});
    }
  }

  /** The bytes of a piece from an offset of the file on. @returns `undefined` if it is not there any more, or damaged. */
  async read(segment: Segment, offset: number): Promise<Blob | undefined> {
    const {cacheName} = this;
    const url = urlOf(segment, this.facts?.validator);
    // Asked for as a blob, a stored body is not read.
    const blob = await caches
      .match(url, {cacheName})
      .then((response) => response?.blob())
      .catch(() => undefined);
    if (blob?.size === segment.end - segment.start) {
      return blob.slice(offset - segment.start);
    }
    await this.forget(segment);
    return undefined;
  }

  /** Deletes a piece that cannot be read. */
  async forget(segment: Segment): Promise<void> {
    const {cacheName, segments} = this;
    // Unless another reader has found it before.
    if (segments.includes(segment)) {
      segments.splice(segments.indexOf(segment), 1);
      await caches
        .open(cacheName)
        .then((cache) => cache.delete(urlOf(segment, this.facts?.validator)))
        .catch(() => undefined);
    }
  }

  /** Deletes everything that is stored of the file. Nothing can be put any more. */
  async clear(): Promise<void> {
    this.isCleared = true;
    this.facts = undefined;
    this.segments.length = 0;
    // One that is on its way would make the cache anew.
    await Promise.allSettled(this.puts);
    await caches.delete(this.cacheName);
  }

  private async putInto(piece: Piece): Promise<void> {
    const {validator, isChecked} = this.facts ?? {};
    if (isChecked) {
      // What takes the place of a piece that was damaged is not.
      await this.check(false);
    }
    const cache = await caches.open(this.cacheName);
    const {start, plannedEnd, body} = piece;
    try {
      await cache.put(urlOf({start, end: plannedEnd}, validator), new Response(body));
    } catch (error) {
      if (!piece.isCut) {
        throw error;
      }
      if (piece.end > start) {
        await cache.put(urlOf(piece, validator), new Response(new Blob(piece.chunks)));
      }
    }
  }

  private async note(about: About): Promise<void> {
    this.facts = about;
    await (await caches.open(this.cacheName)).put(BASE, new Response(JSON.stringify(about)));
  }
}

/** The files of which something is stored. */
export const filesInPieces = async (): Promise<FilePlace[]> =>
  (await caches.keys())
    .filter((cacheName) => cacheName.startsWith(CACHE_PREFIX))
    .map((cacheName) => {
      const at = cacheName.lastIndexOf(' ');
      return {home: cacheName.slice(CACHE_PREFIX.length, at), key: cacheName.slice(at + 1)};
    });
