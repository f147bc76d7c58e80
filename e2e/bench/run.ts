// `node e2e/bench/run.ts [name…]` runs the named benches, or all of them, one after the other: two at a time would
// disturb each other. A bench is a file of this folder. Helpers are in its subfolders.
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {basename, join} from 'node:path';

const folder = import.meta.dirname;
const known = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => basename(file, '.ts'))
  .sort();

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length) {
  console.error(`There is no bench ${unknown.join(' or ')}. Use one of ${known.join(', ')}.`);
  process.exit(1);
}

for (const name of asked.length ? asked : known) {
  const {status} = spawnSync(process.execPath, [join(folder, `${name}.ts`)], {stdio: 'inherit'});
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
