// How many bytes do the plugins add to a worker that generateSW makes? Measured in production mode with Workbox's
// runtime inlined, gzipped. The peers are the same worker without our plugins: `workbox`, and with Workbox's own
// plugins, `workbox+expiration`.
import {WAYS, type Way, workerBytes} from '../harness/addedBytes.ts';
import {type Figure, printTable, round} from './report/report.ts';

const targets: Record<string, string[] | undefined> = {
  "Workbox's default targets": undefined,
  'Recent browsers': ['chrome >= 110', 'firefox >= 115', 'safari >= 16.4'],
};

const figures: Record<string, Figure & {added: Record<string, number>}> = {};
for (const [title, babelPresetEnvTargets] of Object.entries(targets)) {
  const bytes: Record<string, number> = {};
  for (const [way, options] of Object.entries<Way>(WAYS)) {
    bytes[way] = await workerBytes(options, babelPresetEnvTargets);
  }
  const {'all three': holdfast = Number.NaN, workbox = Number.NaN} = bytes;
  figures[title] = {
    unit: 'bytes',
    median: bytes,
    ratio: Object.fromEntries(
      Object.entries(bytes)
        .filter(([way]) => way.startsWith('workbox'))
        .map(([way, value]) => [way, round(holdfast / value)]),
    ),
    added: Object.fromEntries(Object.entries(bytes).map(([way, value]) => [way, value - workbox])),
  };
}

printTable('A generated worker, minified and gzipped', figures);
for (const [title, {added}] of Object.entries(figures)) {
  console.log(`\nAdded to a worker with a CacheFirst route: ${title}`);
  console.table(added);
}
console.log(JSON.stringify({bench: 'generated-bytes', runs: 1, figures}));
