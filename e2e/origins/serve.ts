/** Serves the demo on the local origins until Ctrl-C: `node e2e/origins/serve.ts`. */
import {existsSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {startOrigins} from './startOrigins.ts';

const folder = fileURLToPath(new URL('../../demo/dist/', import.meta.url));

const origins = await startOrigins({mode: 'localhost', app: {folder}});

const {app, ...assets} = origins.origin;
console.log(`
  Open  ${app}/
${existsSync(folder) ? '' : '\n  The demo is not built yet. Run `npm start`, which builds it first.\n'}
  The demo loads its assets from ${Object.values(assets).join(', ')}.
  Press Ctrl-C to stop.
`);

process.once('SIGINT', () => void origins.close());
process.once('SIGTERM', () => void origins.close());
