import type {ByteRange} from '../http/byteRanges.ts';
import type {Piece} from './Piece.ts';
import {BASE, piecesOf} from './piecesName.ts';
import {bytesIn, insert} from './ranges.ts';

/** A file, and the cache in which its entry belongs: two releases have two files under one key. */
export interface FilePlace {
  /** It becomes a part of a cache's name, and of events: without a secret. */
  key: string;
  /** The name of the cache. When it is deleted, the pieces are, too. */
  home: string;
}

/** What a host says about a file. */
export interface FileFacts {
  /** In bytes. `Infinity` while its body is longer than announced; nothing resumes such a file. */
  size: number;
  /**
   * Whether the size is only announced: a host may hide from another origin that the body is encoded, and
   * `Content-Length` then counts other bytes than the page gets.
   */
  isGuess?: boolean | undefined;
  /** Tells whether a later answer has the same bytes; `undefined` where nothing does, and the file cannot be resumed. */
  validator: string | undefined;
  /** Those of the answer with the whole file. */
  headers: [string, string][];
  /** The digest of the request headers that the answer depends on; `undefined` where it depends on none. */
  asker?: string | undefined;
}

/** What is stored about a file beside its pieces. */
interface StoredFacts extends FileFacts {
  /** When a request last began to download the file, in milliseconds since 1970. */
  askedAt: number;
  /** Whether plugins checked the complete file, which stays in pieces. */
  isChecked: boolean;
}

/** Identifies a place. A URL has no space in it. */
export const idOf = ({home, key}: FilePlace): string => `${home} ${key}`;

/**
 * The stored pieces of a file, in a cache of their own, so that one step deletes them. A put stores a complete piece or
 * nothing, so that a killed worker leaves nothing that is wrong.
 */
export class PieceStore {
  readonly place: FilePlace;
  /** The stored pieces, in order. They may have any length. */
  readonly ranges: ByteRange[] = [];
  facts: StoredFacts | undefined;
  private readonly cacheName: string;
  private readonly puts = new Set<Promise<unknown>>();
  private isCleared = false;

  private constructor(place: FilePlace) {
    this.place = place;
    this.cacheName = piecesOf(place.home) + place.key;
  }

  /** Finds what is stored of a file. */
  static async open(place: FilePlace): Promise<PieceStore> {
    const store = new PieceStore(place);
    const {cacheName} = store;
    store.facts = await (await caches.match(BASE, {cacheName}))?.json().catch(() => undefined);
    if (store.facts) {
      const keys = await (await caches.open(cacheName)).keys();
      store.ranges.push(...store.rangesIn(keys));
    }
    return store;
  }

  /** Finds what is stored of a file, and deletes what cannot be completed, because nothing identifies the file. */
  static async resume(place: FilePlace): Promise<PieceStore> {
    const store = await PieceStore.open(place);
    // The size is `null` where a worker was killed before the end of a body that was longer than announced.
    if (store.facts?.validator !== undefined && store.facts.size) {
      return store;
    }
    await store.clear();
    return new PieceStore(place);
  }

  get isComplete(): boolean {
    return bytesIn(this.ranges) === this.facts?.size;
  }

  /** Stores what the file is, before its first piece, and that it is asked for now. Makes its home first. */
  async describe(
    facts: FileFacts,
    makeHome: () => Promise<unknown> = () => caches.open(this.place.home),
  ): Promise<void> {
    await makeHome();
    await this.note(Object.assign({isChecked: false}, this.facts, facts, {askedAt: Date.now()}));
  }

  /** Stores what has turned out about the file since. */
  async correct(facts: Partial<FileFacts>): Promise<void> {
    if (this.facts) {
      await this.note(Object.assign({}, this.facts, facts));
    }
  }

  /** Stores whether plugins checked the complete file. */
  async check(isChecked: boolean): Promise<void> {
    if (this.facts) {
      await this.note(Object.assign({}, this.facts, {isChecked}));
    }
  }

  /**
   * Stores a piece while it is filled, and as much of it as there is if it is cut off. Rejects when storage fails.
   *
   * @param body all of it, at a second attempt: its stream can be read once.
   */
  async put(piece: Piece, body: BodyInit = piece.body): Promise<void> {
    const put = this.putInto(piece, body);
    this.puts.add(put);
    try {
      await put;
    } finally {
      this.puts.delete(put);
    }
    if (!this.isCleared && piece.end > piece.start) {
      insert(this.ranges, {start: piece.start, end: piece.end});
    }
  }

  /** Returns the bytes of a piece from an offset of the file on; `undefined` if it is missing or damaged. */
  async read(range: ByteRange, offset: number): Promise<Blob | undefined> {
    const {cacheName} = this;
    const url = this.urlOf(range);
    // Asked for as a Blob, a stored body stays on the disk.
    const blob = await caches
      .match(url, {cacheName})
      .then((response) => response?.blob())
      .catch(() => undefined);
    if (blob?.size === range.end - range.start) {
      return blob.slice(offset - range.start);
    }
    await this.forget(range);
    return undefined;
  }

  /** Returns the complete file as one Blob, whose bytes stay on the disk; `undefined` if a piece is missing or damaged. */
  async readAll(): Promise<Blob | undefined> {
    const blobs = await Promise.all(this.ranges.map((range) => this.read(range, range.start)));
    return this.isComplete ? new Blob(blobs as Blob[]) : undefined;
  }

  /** Deletes a piece that cannot be read. */
  async forget(range: ByteRange): Promise<void> {
    const {cacheName, ranges} = this;
    // Another reader may have found it damaged before.
    if (ranges.includes(range)) {
      ranges.splice(ranges.indexOf(range), 1);
      await caches
        .open(cacheName)
        .then((cache) => cache.delete(this.urlOf(range)))
        .catch(() => undefined);
    }
  }

  /** Deletes everything that is stored of the file, as far as storage can. Nothing is stored from then on. */
  async clear(): Promise<void> {
    this.isCleared = true;
    this.facts = undefined;
    this.ranges.length = 0;
    // A put in progress would make the cache again.
    await Promise.allSettled(this.puts);
    await caches.delete(this.cacheName).catch(() => undefined);
  }

  private async putInto(piece: Piece, body: BodyInit): Promise<void> {
    if (this.facts?.isChecked) {
      // This piece replaces a damaged one, and is not checked.
      await this.check(false);
    }
    const cache = await caches.open(this.cacheName);
    const {start, plannedEnd} = piece;
    try {
      await cache.put(this.urlOf({start, end: plannedEnd}), new Response(body));
    } catch (error) {
      if (!piece.isCut) {
        throw error;
      }
      if (piece.end > start) {
        await cache.put(this.urlOf(piece), new Response(new Blob(piece.chunks)));
      }
    }
  }

  /** Another worker of the origin may store pieces of another file under the same key: the names tell them apart. */
  private urlOf({start, end}: ByteRange): string {
    const {validator = ''} = this.facts ?? {};
    return `${BASE}${start}-${end}?${encodeURIComponent(validator)}`;
  }

  /** Returns the pieces of the file among the keys of its cache, in order. */
  private rangesIn(keys: readonly Request[]): ByteRange[] {
    const ranges: ByteRange[] = [];
    for (const {url} of keys) {
      const [start = Number.NaN, end = Number.NaN] = (url.match(/\d+/g) ?? []).map(Number);
      if (url === this.urlOf({start, end})) {
        insert(ranges, {start, end});
      }
    }
    // Two workers may have downloaded the same bytes.
    let held = 0;
    return ranges.filter(({start, end}) => {
      const isNew = start >= held;
      held = isNew ? end : held;
      return isNew;
    });
  }

  private async note(facts: StoredFacts): Promise<void> {
    this.facts = facts;
    await (await caches.open(this.cacheName)).put(BASE, new Response(JSON.stringify(facts)));
  }
}
