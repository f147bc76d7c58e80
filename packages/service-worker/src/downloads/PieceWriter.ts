import {sleep} from '../timing/sleep.ts';
import type {Changes} from './Changes.ts';
import {makeRoom} from './makeRoom.ts';
import type {Piece} from './Piece.ts';
import type {PieceMemory} from './PieceMemory.ts';
import type {PieceStore} from './PieceStore.ts';
import type {Readers} from './Readers.ts';

/** A stored piece stays in memory for readers that are close behind it: to read it back costs them more. */
const LINGERS_MS = 250;

/** The download whose pieces are stored. */
interface Download {
  readonly store: PieceStore;
  readonly memory: PieceMemory;
  readonly changes: Changes;
  /** Whether nothing arrives any more. */
  readonly isOver: boolean;
  readonly pieceBytes: number;
  readonly readers: Readers;
  stopIfUnused(): void;
}

/** Stores pieces while they are filled. In memory they stay no longer than storage or a reader needs them there. */
export class PieceWriter {
  /** What the browser's storage failed with. From then on nothing is stored, and the slowest reader sets the pace. */
  failure: unknown;
  private readonly download: Download;

  constructor(download: Download) {
    this.download = download;
  }

  /** Whether nothing is stored any more. */
  get isOver(): boolean {
    return this.failure !== undefined;
  }

  /** Stores a piece that is about to be filled. Resolves when the next one may take its room. It never rejects. */
  async write(piece: Piece): Promise<void> {
    const {store, memory, pieceBytes} = this.download;
    memory.add(piece);
    try {
      if (!this.isOver) {
        await store.put(piece).catch(async (error) => {
          const isFull = await makeRoom(error);
          if (this.isOver || !isFull || piece.end < piece.plannedEnd) {
            throw error;
          }
          await store.put(piece, new Blob(piece.chunks));
        });
      }
    } catch (error) {
      this.failure ??= error;
    }
    if (this.isOver) {
      this.download.stopIfUnused();
      await this.release(piece);
    } else {
      void this.release(piece, pieceBytes, sleep(LINGERS_MS));
    }
  }

  /**
   * Releases a piece when no reader still has to read it.
   *
   * @param reach how many bytes behind the piece a reader counts, at most.
   * @param timeout releases it earlier.
   */
  private async release(piece: Piece, reach?: number, timeout?: Promise<unknown>): Promise<void> {
    const {changes, memory, readers} = this.download;
    const read = changes.until(
      () => this.download.isOver || !memory.has(piece) || !readers.isAwaited(piece, reach),
    );
    await (timeout ? Promise.race([read, timeout]) : read);
    memory.delete(piece);
    changes.announce();
  }
}
