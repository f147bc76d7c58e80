/** The ways to fetch a large file that are compared, each with its worker: `none` is a page without one. */
export const WORKERS = {
  holdfast: 'large-files',
  none: undefined,
  'hand-written': 'handwritten',
  workbox: 'workbox',
  'workbox+expiration': 'expiration',
  serwist: 'serwist',
} as const;
export type Way = keyof typeof WORKERS;

export const NAMES = Object.keys(WORKERS) as Way[];

/** What was measured, by way. */
export type Measured = Record<Way, number[]>;

export const nothingYet = (): Measured =>
  Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Measured;
