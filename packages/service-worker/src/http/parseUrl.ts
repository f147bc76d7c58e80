/** Reads a URL; `undefined` for what is none. `URL.canParse()` is missing in Safari 16. */
export const parseUrl = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
};
