/** Serves the demo on the local origins until Ctrl-C: `node e2e/origins/serve.ts`. */
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {startOrigins} from './startOrigins.ts';

const folder = fileURLToPath(new URL('../../demo/dist/', import.meta.url));

const origins = await startOrigins({mode: 'localhost', app: {folder}});

const {app, ...assets} = origins.origin;
console.log(`
  Open  ${app}/
${existsSync(folder) ? '' : '\n  The demo is not built yet, so there is nothing to see: `npm start` builds it first.\n'}
  It loads its assets from ${Object.values(assets).join(', ')}.
  Ctrl-C ends it.
`);

process.once('SIGINT', () => void origins.close());
process.once('SIGTERM', () => void origins.close());
