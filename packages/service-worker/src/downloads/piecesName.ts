/** The names of the caches with pieces of large files begin so. */
export const PIECES = 'holdfast-pieces ';

/** Returns how the names of the caches begin that hold pieces of files whose entries belong in a cache. */
export const piecesOf = (home: string): string => `${PIECES}${home} `;
