/** Makes sure that there is a Chromium to test in, and prints its path. Run it before the tests. */
import {spawnSync} from 'node:child_process';
import {findChromium} from './findChromium.ts';

/** Ways to install a browser, the least intrusive first. All commands of a way must succeed. */
const WAYS: ReadonlyArray<{name: string; commands: readonly (readonly [string, ...string[]])[]}> = [
  {name: "Playwright's download", commands: [['pnpm', 'exec', 'playwright', 'install', 'chromium']]},
  {
    name: 'apt-get',
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '--yes', '--no-install-recommends', 'chromium'],
    ],
  },
  {name: 'dnf', commands: [['dnf', 'install', '--assumeyes', 'chromium']]},
  {name: 'apk', commands: [['apk', 'add', 'chromium']]},
];

const run = ([command, ...args]: readonly [string, ...string[]]): boolean =>
  spawnSync(command, args, {stdio: 'inherit', timeout: 10 * 60_000}).status === 0;

const prepare = (): string => {
  const found = findChromium();
  if (found) {
    return found;
  }
  for (const {name, commands} of WAYS) {
    console.log(`There is no Chromium on this machine. Trying ${name} …`);
    const installed = commands.every(run) && findChromium();
    if (installed) {
      return installed;
    }
  }
  throw new Error(
    'The tests need Chromium, which was not found and could not be installed. Install Chromium or Google Chrome, ' +
      'or set HOLDFAST_CHROMIUM to the path of one. Then run `npm test` again.',
  );
};

try {
  console.log(`Chromium: ${prepare()}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
