import type {Page} from 'playwright';
import {bundle} from '../../harness/bundle.ts';
import type {Browser} from '../../harness/openBrowser.ts';
import {seededBytes} from '../../origins/content/seededBytes.ts';
import {type Origins, startOrigins} from '../../origins/startOrigins.ts';
import {ANY_PORTS} from '../../origins/testing/anyPorts.ts';

/** The compared ways, each with its worker's script in `workers/`; `undefined` for a page without a worker. */
export type Workers<Way extends string> = Record<Way, string | undefined>;

/** A large file on another origin than the page, and a page for each way to get it. */
export interface LargeFile<Way extends string> {
  readonly origins: Origins;
  readonly bytes: Uint8Array;
  /** Returns the URL of the file. Each way has its own, so that it does not find what another one stored. */
  urlOf(way: Way): string;
  /** Opens a page that the way's worker controls. Its code is in `tests/page.ts`. */
  openPage(browser: Browser, way: Way): Promise<Page>;
}

/**
 * Serves a large file as a CDN does, with ranges and a strong `ETag`, but without TLS, which costs more than
 * the rest.
 */
export const serveLargeFile = async <Way extends string>(
  megabytes: number,
  workers: Workers<Way>,
): Promise<LargeFile<Way>> => {
  const origins = await startOrigins({mode: 'localhost', ports: ANY_PORTS, say: () => undefined});
  const {app} = origins.origin;
  const bytes = seededBytes('large file', megabytes * 1024 * 1024);
  const pathOf = (way: Way): string => `/v1/${way}/large.bin`;

  origins.app.set('/page.js', await bundle('page.ts'));
  for (const [way, worker] of Object.entries(workers) as [Way, string | undefined][]) {
    origins.app.set(
      `/${way}/index.html`,
      `<!doctype html><title>${way}</title><script src="/page.js"></script>`,
    );
    if (worker) {
      origins.app.set(`/${way}/worker.js`, await bundle(`../bench/workers/${worker}.ts`));
    }
    origins.app.set(pathOf(way), bytes, {
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'accept-ranges, content-range, etag',
      // The browser's own cache stores no file of this size.
      'cache-control': 'no-cache',
      etag: '"large-file"',
    });
  }

  return {
    origins,
    bytes,
    urlOf: (way) => app.replace('localhost', '127.0.0.1') + pathOf(way),
    openPage: async (browser, way) => {
      const page = await browser.context.newPage();
      await page.goto(`${app}/${way}/`);
      if (workers[way]) {
        await page.evaluate(async () => {
          const controlled = new Promise<void>((resolve) => {
            navigator.serviceWorker.addEventListener('controllerchange', () => resolve());
          });
          await navigator.serviceWorker.register('worker.js');
          // Another page may have registered it.
          await (navigator.serviceWorker.controller ?? controlled);
        });
      }
      return page;
    },
  };
};
