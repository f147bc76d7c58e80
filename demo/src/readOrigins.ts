/** The origins that the demo fetches from, e.g. `https://huggingface.co`, or `http://localhost:8081` in its place. */
export interface DemoOrigins {
  app: string;
  hub: string;
  hubCdn: string;
  jsdelivr: string;
  /** A host of small files that answers without CORS headers. */
  noCors: string;
  /** The same files, with CORS headers for every site. */
  cors: string;
}

const NAMES = ['app', 'hub', 'hubCdn', 'jsdelivr', 'noCors', 'cors'] as const satisfies (keyof DemoOrigins)[];

/** Returns what `/origins.js` has set, in a page or a worker. */
export const readOrigins = (): DemoOrigins => {
  const {HOLDFAST_ORIGINS: origins} = globalThis as {HOLDFAST_ORIGINS?: Partial<DemoOrigins>};
  const missing = NAMES.find((name) => typeof origins?.[name] !== 'string');
  if (!origins || missing) {
    throw new Error(
      `/origins.js did not set HOLDFAST_ORIGINS.${missing}. Start the demo with npm start, which serves it.`,
    );
  }
  return origins as DemoOrigins;
};
