import type {StrategyOptions} from 'workbox-strategies/Strategy.js';

/** Options of {@link ResumableCacheFirst}, beside those of Workbox's strategies. */
export interface ResumableCacheFirstOptions extends StrategyOptions {
  /**
   * From this size on a file comes in pieces. A smaller one takes the ordinary way: one request, one put.
   *
   * @default 16777216 (16 MiB)
   */
  minBytes?: number | undefined;

  /**
   * How large the pieces are. When a worker is killed, those are lost that are on their way into storage: one as a rule,
   * and up to three of a host that is faster than the disk.
   *
   * @default 8388608 (8 MiB)
   */
  pieceBytes?: number | undefined;
}

/** Smaller pieces would make a database of entries out of every file. */
const MIN_PIECE_BYTES = 64 * 1024;

const check = (isRight: boolean, option: string, need: string, value: unknown): void => {
  if (!isRight) {
    throw new TypeError(`ResumableCacheFirst: ${option} must be ${need}, but got ${String(value)}.`);
  }
};

/**
 * Refuses what {@link ResumableCacheFirst} cannot work with. The strategy itself asks only in a development build, so
 * whatever makes a production worker out of options has to.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = ({
  minBytes = 0,
  pieceBytes = MIN_PIECE_BYTES,
}: Pick<ResumableCacheFirstOptions, 'minBytes' | 'pieceBytes'>): void => {
  check(Number.isInteger(minBytes) && minBytes >= 0, 'minBytes', 'a number of bytes', minBytes);
  check(
    Number.isInteger(pieceBytes) && pieceBytes >= MIN_PIECE_BYTES,
    'pieceBytes',
    `${MIN_PIECE_BYTES} bytes or more`,
    pieceBytes,
  );
};
