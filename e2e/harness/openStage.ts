import {setTimeout} from 'node:timers/promises';
import type {Page} from 'playwright';
import {
  type AppFiles,
  type ContentFile,
  type ContentRelease,
  type Origins,
  startOrigins,
} from '../origins/startOrigins.ts';
import {bundle} from './bundle.ts';
import {type Browser, openBrowser} from './openBrowser.ts';

const PAGE = '<!doctype html><meta charset="utf-8"><title>Test</title><script src="/page.js"></script>';

const found = <Thing>(thing: Thing | undefined, name: string): Thing => {
  if (thing === undefined) {
    throw new Error(`The Hub's bucket has no ${name}.`);
  }
  return thing;
};

const EMPTIED_WITHIN_MS = 5000;

/** Empties a page. Returns whether that succeeded: its thread may be busy, or it may ask whether to leave. */
const isEmptied = async (page: Page): Promise<boolean> => {
  const emptied = page
    .evaluate(() => sessionStorage.clear())
    .then(() => page.goto('about:blank', {timeout: EMPTIED_WITHIN_MS}));
  return Promise.race([
    emptied.then(
      () => true,
      () => false,
    ),
    setTimeout(EMPTIED_WITHIN_MS, false, {ref: false}),
  ]);
};

/** What an end-to-end test needs: the origins, a browser, and pages of the app. */
export interface Stage {
  readonly origins: Origins;
  readonly browser: Browser;
  /** The app's origin. */
  readonly app: string;
  /** Returns a release of the Hub's bucket, e.g. `en-us`, `v0.6.0`. */
  release(line: string, version: string): ContentRelease;
  /** Returns a file of the Hub's bucket, by its path, e.g. `en-us/v0.6.0/model.onnx`. */
  file(path: string): ContentFile;
  /** Returns the URL on the Hub of a file of the bucket, by its path. */
  assetUrl(path: string): string;
  /** Opens a page of the app that no worker controls yet. Its code is `tests/page.ts`. */
  openPage(path?: string): Promise<Page>;
  /** Opens a page, and registers a worker for it. */
  openControlledPage(worker?: string): Promise<Page>;
  /** Restores the initial state: no worker, nothing stored, no faults, an empty log. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** The expensive parts of a stage. */
export interface Base {
  origins: Origins;
  browser: Browser;
}

export const openBase = async (): Promise<Base> => {
  const origins = await startOrigins({mode: 'names', say: () => undefined});
  return {origins, browser: await openBrowser(origins.chromiumArgs)};
};

const closeBase = async ({browser, origins}: Base): Promise<void> => {
  await browser.close();
  await origins.close();
};

/**
 * @param workers the worker scripts below `e2e/tests/workers`. `holdfast` is served as `/holdfast.js`.
 * @param base stays open when the stage is closed. Without it, the stage opens and closes its own.
 */
export const openStage = async (workers: readonly string[] = ['holdfast'], base?: Base): Promise<Stage> => {
  const own = base ? undefined : await openBase();
  const {origins, browser} = base ?? (own as Base);
  const published = new Set<string>();
  const files: AppFiles = {
    set: (path, ...file) => {
      published.add(path);
      origins.app.set(path, ...file);
    },
    delete: (path) => origins.app.delete(path),
  };
  files.set('/index.html', PAGE);
  files.set('/page.js', await bundle('page.ts'));
  for (const worker of workers) {
    files.set(`/${worker}.js`, await bundle(`workers/${worker}.ts`));
  }
  const app = origins.origin.app;
  const {bucket} = origins.content;
  const signing = {...origins.signing};

  /** A page of the last test, to be opened again: a new one needs a new process, which takes half a second of work. */
  let reusable: Page | undefined;
  let opened: Page[] = [];

  const openPage = async (path = '/'): Promise<Page> => {
    const page = reusable ?? (await browser.context.newPage());
    reusable = undefined;
    opened.push(page);
    await page.goto(app + path);
    return page;
  };

  /** Closes all pages but one, which is as good as new. */
  const leavePages = async (): Promise<void> => {
    reusable ??= opened.find((page) => !page.isClosed());
    opened = [];
    for (const page of browser.context.pages().slice(1)) {
      if (page !== reusable) {
        await page.close();
      }
    }
    if (reusable && !(await isEmptied(reusable))) {
      await reusable.close();
      reusable = undefined;
    }
  };

  const reset = async (): Promise<void> => {
    await browser.setOffline(false);
    origins.clearFaults();
    Object.assign(origins.signing, signing);
    await leavePages();
    await browser.setQuota(app, undefined);
    // By itself, Chromium grants it to sites that are visited often.
    await browser.setPersistence(app, 'denied');
    await browser.clearSite(app);
    await browser.clearHttpCache();
    await origins.log.settled();
    origins.log.clear();
  };

  return {
    origins: {...origins, app: files},
    browser,
    app,
    release: (line, version) =>
      found(
        bucket.releases.find((one) => one.line === line && one.version === version),
        `${line} ${version}`,
      ),
    file: (path) =>
      found(
        bucket.releases.flatMap((release) => release.files).find((one) => one.path === path),
        path,
      ),
    assetUrl: (path) => `${origins.origin.hub}/buckets/${bucket.id}/resolve/${path}`,
    openPage,
    openControlledPage: async (worker = workers[0] ?? '') => {
      const page = await openPage();
      await page.evaluate((script) => holdfast.register(script), `/${worker}.js`);
      return page;
    },
    reset,
    close: async () => {
      if (own) {
        await closeBase(own);
        return;
      }
      await reset();
      for (const path of published) {
        origins.app.delete(path);
      }
    },
  };
};
