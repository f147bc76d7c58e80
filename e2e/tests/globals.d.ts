import type {PageGlobals} from './page.ts';

declare global {
  // The globals of page.ts, for functions that tests run in a page.
  const holdfast: PageGlobals['holdfast'];
  const load: PageGlobals['load'];
  const importModule: PageGlobals['importModule'];
  const stored: PageGlobals['stored'];
  const elapse: PageGlobals['elapse'];
  const events: PageGlobals['events'];
}
