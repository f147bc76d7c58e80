// `node e2e/bench/run.ts [name…]` runs these benches, or all of them, one after the other: two at a time would
// measure each other. A bench is a file of this folder, and helpers live in folders below it.
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
  console.error(`No bench is called ${unknown.join(' or ')}. There are: ${known.join(', ')}.`);
  process.exit(1);
}

for (const name of asked.length ? asked : known) {
  const {status} = spawnSync(process.execPath, [join(folder, `${name}.ts`)], {stdio: 'inherit'});
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
