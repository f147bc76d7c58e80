import type {PageGlobals} from './page.ts';

declare global {
  // What page.ts puts into a test's page, for the functions that tests run there.
  const holdfast: PageGlobals['holdfast'];
  const load: PageGlobals['load'];
  const importModule: PageGlobals['importModule'];
  const stored: PageGlobals['stored'];
  const events: PageGlobals['events'];
}
