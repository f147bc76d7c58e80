import type {precacheAndRoute} from 'workbox-precaching';
import {RACE_FILES} from '../../race/raceFiles.ts';

declare const self: ServiceWorkerGlobalScope & {__WB_MANIFEST: {url: string; revision: string}[]};

/** What the server makes when it starts. A race begins with a new worker, so it needs no other revision. */
const DATA = ['/origins.js', RACE_FILES].map((url) => ({url, revision: '1'}));

/** Returns what both workers precache, so that their pages open offline: the page, and what it reads. */
export const precachedPage = (): Parameters<typeof precacheAndRoute> => [
  [...self.__WB_MANIFEST, ...DATA],
  {ignoreURLParametersMatching: [/^version$/]},
];
