/** What a piece is stored under. */
export const entryOf = (start: number, end: number, validator = '"one"'): string =>
  `https://pieces.invalid/${start}-${end}?${encodeURIComponent(validator)}`;
