/** What went wrong, for a person to read. */
export const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));
