/** The origins that the demo talks to, e.g. `https://huggingface.co`, or `http://localhost:8081` in its place. */
export interface DemoOrigins {
  app: string;
  hub: string;
  hubCdn: string;
  jsdelivr: string;
  /** A host of small files that does not answer CORS. */
  noCors: string;
  /** The same, answering CORS to everybody. */
  cors: string;
}

const NAMES = ['app', 'hub', 'hubCdn', 'jsdelivr', 'noCors', 'cors'] as const satisfies (keyof DemoOrigins)[];

/** What `/origins.js` has set, in a page as in a worker. */
export const readOrigins = (): DemoOrigins => {
  const {HOLDFAST_ORIGINS: origins} = globalThis as {HOLDFAST_ORIGINS?: Partial<DemoOrigins>};
  const missing = NAMES.find((name) => typeof origins?.[name] !== 'string');
  if (!origins || missing) {
    throw new Error(
      `/origins.js did not set HOLDFAST_ORIGINS.${missing}. Is the demo served by its own origins (npm start)?`,
    );
  }
  return origins as DemoOrigins;
};
