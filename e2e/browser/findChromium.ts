import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';
import {chromium} from 'playwright';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const MAC_APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The path of a Chromium that can run the tests: the one that `HOLDFAST_CHROMIUM` names, else one that the
 * machine has, else Playwright's own download, else `undefined`.
 */
export const findChromium = (): string | undefined => {
  const named = process.env.HOLDFAST_CHROMIUM;
  if (named) {
    if (!isExecutable(named)) {
      throw new Error(`HOLDFAST_CHROMIUM is '${named}', which is not a program that can be run.`);
    }
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onThisMachine = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onThisMachine, ...MAC_APPLICATIONS, chromium.executablePath()].find(isExecutable);
};
