/** The names of the caches with pieces of large files begin so. */
export const PIECES = 'holdfast-pieces ';

/** Returns how the names of the caches begin that hold pieces of files whose entries belong in a cache. */
export const piecesOf = (home: string): string => `${PIECES}${home} `;

/**
 * How the keys of pieces begin: then come the first and the last byte, and what identifies the file. Keys of a cache must be
 * URLs. This host exists nowhere. https://www.rfc-editor.org/rfc/rfc2606#section-2
 */
export const BASE = 'https://pieces.invalid/';
