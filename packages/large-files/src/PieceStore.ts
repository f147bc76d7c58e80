import type {Piece} from './Piece.ts';
import {insert, type Segment} from './segments.ts';

/** One cache for each file, so that it goes in one step. */
const CACHE_PREFIX = 'holdfast-large-files ';
/** Keys of a cache have to be URLs. This host exists nowhere. https://www.rfc-editor.org/rfc/rfc2606#section-2 */
const BASE = 'https://pieces.invalid/';

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
  /** The cache whose entry it is to become. With that, the pieces go. */
  home: string;
  /** Whether all of it was found right, and stays in pieces. */
  isChecked: boolean;
}

const urlOf = ({start, end}: Segment): string => `${BASE}${start}-${end}`;

/** @returns `undefined` for what is no piece. */
const segmentOf = ({url}: Request): Segment | undefined => {
  const [, start, end] = /(\d+)-(\d+)$/.exec(url) ?? [];
  return end === undefined ? undefined : {start: Number(start), end: Number(end)};
};

const readAbout = async (cacheName: string): Promise<About | undefined> =>
  (await caches.match(BASE, {cacheName}))?.json().catch(() => undefined);

/**
 * The pieces of a file that is on its way, in a cache of their own. A put is whole or it leaves nothing, so whatever is
 * found here is right after the death of a worker, too.
 */
export class PieceStore {
  /** What is stored, in order. Pieces may have any length. */
  readonly segments: Segment[] = [];
  facts: About | undefined;
  private readonly cacheName: string;
  private readonly puts = new Set<Promise<unknown>>();
  private isCleared = false;

  private constructor(cacheName: string) {
    this.cacheName = cacheName;
  }

  /** What is stored of a file. Nothing of it counts if no later answer could be used with it. */
  static async open(key: string): Promise<PieceStore> {
    const store = new PieceStore(CACHE_PREFIX + key);
    const about = await readAbout(store.cacheName);
    if (about?.validator === undefined) {
      await caches.delete(store.cacheName);
    } else {
      store.facts = about;
      for (const request of await (await caches.open(store.cacheName)).keys()) {
        const segment = segmentOf(request);
        if (segment) {
          insert(store.segments, segment);
        }
      }
    }
    return store;
  }

  /**
   * Notes what the file is, before anything of it is stored, and that somebody asks for it just now.
   *
   * @param home the cache whose entry it is to become. From now on it is there.
   */
  async describe({size, validator, headers}: FileFacts, home: string): Promise<void> {
    const isChecked = this.facts?.isChecked ?? false;
    await this.note({size, validator, headers, home, isChecked, askedAt: Date.now()});
    await caches.open(home);
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
    const {cacheName, segments} = this;
    // Asked for as a blob, a stored body is not read.
    const blob = await (await caches.match(urlOf(segment), {cacheName}))?.blob();
    if (blob?.size === segment.end - segment.start) {
      return blob.slice(offset - segment.start);
    }
    // Unless another reader has found it before.
    if (segments.includes(segment)) {
      segments.splice(segments.indexOf(segment), 1);
      await (await caches.open(cacheName)).delete(urlOf(segment));
    }
    return undefined;
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
    if (this.facts?.isChecked) {
      // What takes the place of a piece that was damaged is not.
      await this.check(false);
    }
    const cache = await caches.open(this.cacheName);
    const {start, plannedEnd, body} = piece;
    try {
      await cache.put(urlOf({start, end: plannedEnd}), new Response(body));
    } catch (error) {
      if (!piece.isCut) {
        throw error;
      }
      if (piece.end > start) {
        await cache.put(urlOf(piece), new Response(new Blob(piece.chunks)));
      }
    }
  }

  private async note(about: About): Promise<void> {
    this.facts = about;
    await (await caches.open(this.cacheName)).put(BASE, new Response(JSON.stringify(about)));
  }
}

/** The keys of the files of which something is stored. */
export const keysInPieces = async (): Promise<string[]> =>
  (await caches.keys())
    .filter((cacheName) => cacheName.startsWith(CACHE_PREFIX))
    .map((cacheName) => cacheName.slice(CACHE_PREFIX.length));
