/** Tells whether the name of a cache, a URL or an event belongs to the race, which has workers of its own. */
export const isOfRace = (text: string): boolean => /\brace[-/](workbox|holdfast)\b/.test(text);
