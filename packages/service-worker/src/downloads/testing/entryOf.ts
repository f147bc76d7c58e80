/** Returns the URL under which a piece is stored. */
export const entryOf = (start: number, end: number, validator = '"one"'): string =>
  `https://pieces.invalid/${start}-${end}?${encodeURIComponent(validator)}`;
