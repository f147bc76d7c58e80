import {RACE_FILES} from './race/raceFiles.ts';

/** The cache in which the worker stores {@link PAGE_DATA}. */
export const PAGE_DATA_CACHE = 'demo-page-data';

/** What the page reads when it starts and the build does not know: where the hosts are, and which files they have. */
export const PAGE_DATA = ['/origins.js', '/content.json', RACE_FILES];
