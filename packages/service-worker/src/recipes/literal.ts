/** Returns the source of a regular expression for exactly this text. `RegExp.escape` is too new for many browsers. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
