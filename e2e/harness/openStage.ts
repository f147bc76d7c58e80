import type {Page} from 'playwright';
import {type ContentFile, type ContentRelease, type Origins, startOrigins} from '../origins/startOrigins.ts';
import {bundle} from './bundle.ts';
import {type Browser, openBrowser} from './openBrowser.ts';

const PAGE = '<!doctype html><meta charset="utf-8"><title>Test</title><script src="/page.js"></script>';

const there = <Thing>(found: Thing | undefined, name: string): Thing => {
  if (found === undefined) {
    throw new Error(`The Hub's bucket has no ${name}.`);
  }
  return found;
};

/** Everything that a test of the whole needs: the origins, a browser, and a page of the app. */
export interface Stage {
  readonly origins: Origins;
  readonly browser: Browser;
  /** The app's origin. */
  readonly app: string;
  /** A release of the Hub's bucket, e.g. `en-us`, `v0.6.0`. */
  release(line: string, version: string): ContentRelease;
  /** A file of the Hub's bucket, by its path, e.g. `en-us/v0.6.0/model.onnx`. */
  file(path: string): ContentFile;
  /** Where a file of the bucket is on the Hub, by its path in the bucket. */
  assetUrl(path: string): string;
  /** Opens a page of the app that is under no worker's control yet. Its code is in `tests/page.ts`. */
  openPage(path?: string): Promise<Page>;
  /** Opens a page, and registers a worker for it. */
  openControlledPage(worker?: string): Promise<Page>;
  /** Everything as it was at the beginning: no worker, nothing stored, no faults, an empty log. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** @param workers worker scripts below `e2e/tests/workers`, served under their names: `holdfast` as `/holdfast.js`. */
export const openStage = async (workers: readonly string[] = ['holdfast']): Promise<Stage> => {
  const origins = await startOrigins({mode: 'names', say: () => undefined});
  origins.app.set('/index.html', PAGE);
  origins.app.set('/page.js', await bundle('page.ts'));
  for (const worker of workers) {
    origins.app.set(`/${worker}.js`, await bundle(`workers/${worker}.ts`));
  }
  const browser = await openBrowser(origins.chromiumArgs);
  const app = origins.origin.app;
  const {bucket} = origins.content;

  const openPage = async (path = '/'): Promise<Page> => {
    const page = await browser.context.newPage();
    await page.goto(app + path);
    return page;
  };

  return {
    origins,
    browser,
    app,
    release: (line, version) =>
      there(
        bucket.releases.find((one) => one.line === line && one.version === version),
        `${line} ${version}`,
      ),
    file: (path) =>
      there(
        bucket.releases.flatMap(({files}) => files).find((one) => one.path === path),
        path,
      ),
    assetUrl: (path) => `${origins.origin.hub}/buckets/${bucket.id}/resolve/${path}`,
    openPage,
    openControlledPage: async (worker = workers[0] ?? '') => {
      const page = await openPage();
      await page.evaluate((script) => holdfast.register(script), `/${worker}.js`);
      return page;
    },
    reset: async () => {
      await browser.setOffline(false);
      origins.clearFaults();
      for (const page of browser.context.pages().slice(1)) {
        await page.close();
      }
      await browser.setQuota(app, undefined);
      await browser.clearSite(app);
      await browser.clearHttpCache();
      await origins.log.settled();
      origins.log.clear();
    },
    close: async () => {
      await browser.close();
      await origins.close();
    },
  };
};
