/** The source of a regular expression for just this text. `RegExp.escape` is too new for many browsers yet. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
