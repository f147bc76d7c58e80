/** The compared ways to fetch a large file, each with its worker. `none` is a page without a worker. */
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

/** The measured values of each way. */
export type Measured = Record<Way, number[]>;

export const nothingYet = (): Measured =>
  Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Measured;
