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
 * Returns the path of a Chromium to test in: that of `HOLDFAST_CHROMIUM`, or one that is installed on this
 * machine, or Playwright's download; `undefined` if there is none.
 *
 * @throws Error if `HOLDFAST_CHROMIUM` is not an executable file.
 */
export const findChromium = (): string | undefined => {
  const named = process.env.HOLDFAST_CHROMIUM;
  if (named) {
    if (!isExecutable(named)) {
      throw new Error(`HOLDFAST_CHROMIUM must be the path of an executable file, but is '${named}'.`);
    }
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onThisMachine = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...onThisMachine, ...MAC_APPLICATIONS, chromium.executablePath()].find(isExecutable);
};
