/** What the worker `budgeted` may store: all of it, each line of its releases, and each of its other routes. */
export const LIMITS = {
  all: {maxBytes: 36_000_000},
  line: {maxBytes: 18_000_000},
  maps: {maxBytes: 12_000_000, maxEntries: 6},
  large: {maxBytes: 14_000_000},
} as const;
