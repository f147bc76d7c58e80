import type {Piece} from './Piece.ts';

/** The pieces of a file that are in memory: those that are not stored yet, and those that a reader is about to read. */
export class PieceMemory extends Set<Piece> {
  /** Returns the piece that has the byte at an offset. */
  at(offset: number): Piece | undefined {
    return [...this].find(({start, end}) => start <= offset && offset < end);
  }

  /** Returns the first offset from another one on that is in a piece, or will be; `Infinity` where none is. */
  nextHeld(offset: number): number {
    const ahead = [...this].filter(({lastEnd}) => offset < lastEnd);
    return Math.min(...ahead.map(({start}) => Math.max(start, offset)));
  }
}
