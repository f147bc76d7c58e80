import type {StrategyOptions} from 'workbox-strategies/Strategy.js';
import {OptionsChecker} from '../options/OptionsChecker.ts';

/** Options of {@link ResumableCacheFirst}: those of Workbox's strategies, and two sizes. */
export interface ResumableCacheFirstOptions extends StrategyOptions {
  /**
   * The size in bytes from which on a file is downloaded in pieces. A smaller file takes one request and one put.
   *
   * @default 16777216 (16 MiB)
   */
  minBytes?: number | undefined;

  /**
   * The size of a piece in bytes. A killed worker loses the pieces that are not stored yet: one as a rule, and up to
   * three where the host is faster than the disk.
   *
   * @default 8388608 (8 MiB)
   */
  pieceBytes?: number | undefined;

  /**
   * Whether the route's answers may be HTML, whatever their URLs look like. Elsewhere HTML is stored only for a
   * navigation, or for a URL that ends in `.html`.
   *
   * @default false
   */
  html?: boolean | undefined;
}

/** Sizes in bytes, as the options give them. */
export interface Sizes {
  readonly minBytes: number;
  readonly pieceBytes: number;
}

/** The defaults of the options. */
export const DEFAULT_SIZES: Sizes = {minBytes: 16 * 1024 * 1024, pieceBytes: 8 * 1024 * 1024};

/** Smaller pieces would make a database of entries out of every file. */
const MIN_PIECE_BYTES = 64 * 1024;

const NAMES = ['cacheName', 'plugins', 'fetchOptions', 'matchOptions', 'minBytes', 'pieceBytes', 'html'];

/**
 * Refuses options that {@link ResumableCacheFirst} cannot work with. The strategy itself checks in development builds
 * only, so a tool that makes a production worker out of options has to check them.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = (options: ResumableCacheFirstOptions): void => {
  const checker: OptionsChecker = new OptionsChecker('ResumableCacheFirst');
  checker.checkFields(options, '', NAMES);
  const {minBytes = 0, pieceBytes = MIN_PIECE_BYTES, html = false} = options;
  checker.check(typeof html === 'boolean', 'html', 'true or false', html);
  checker.check(Number.isInteger(minBytes) && minBytes >= 0, 'minBytes', 'a number of bytes', minBytes);
  checker.check(
    Number.isInteger(pieceBytes) && pieceBytes >= MIN_PIECE_BYTES,
    'pieceBytes',
    `${MIN_PIECE_BYTES} bytes or more`,
    pieceBytes,
  );
};
