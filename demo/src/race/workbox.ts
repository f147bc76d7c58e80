// The page of plain Workbox: it fetches the files, and the worker caches them.

import {Workbox} from 'workbox-window';
import {readFiles} from './readFiles.ts';
import {runLane} from './runLane.ts';

const workbox = new Workbox('sw.js');

void runLane({
  side: 'workbox',
  register: async () => {
    await workbox.register({immediate: true});
    await workbox.controlling;
  },
  load: (_version, files, onBytes) => readFiles(files, onBytes),
  clear: async () => {
    const names = await caches.keys();
    const own = names.filter((name) => name === 'race-workbox' || name.includes('/race/workbox/'));
    await Promise.all(own.map((name) => caches.delete(name)));
    await (await navigator.serviceWorker.getRegistration())?.unregister();
  },
});
