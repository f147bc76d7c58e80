import {playwright} from '@vitest/browser-playwright';
import {defineConfig} from 'vitest/config';
import {CHROMIUM_ARGS} from './e2e/browser/chromiumArgs.ts';
import {findChromium} from './e2e/browser/findChromium.ts';

const executablePath = findChromium();

export default defineConfig({
  test: {
    reporters: ['default', './e2e/closingLine.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          // A busy machine is slow, not wrong.
          testTimeout: 60_000,
          include: ['packages/*/src/**/*.test.ts', 'e2e/origins/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
        },
      },
      {
        optimizeDeps: {
          // These are served as the ES modules that they are. Bundled ahead, they would be found one by one,
          // each find would reload the page under a test, and there would be two of workbox-core.
          exclude: [
            '@stablelib/sha256',
            'fast-check',
            'idb-keyval',
            'path-to-regexp',
            'workbox-broadcast-update',
            'workbox-core',
            'workbox-expiration',
            'workbox-range-requests',
            'workbox-routing',
            'workbox-strategies',
          ],
        },
        test: {
          name: 'browser',
          testTimeout: 60_000,
          include: ['packages/*/src/**/*.browser.test.ts'],
          setupFiles: ['./e2e/browser/workerGlobals.ts', './e2e/browser/emptyStorage.ts'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {args: [...CHROMIUM_ARGS], ...(executablePath ? {executablePath} : {})},
            }),
            instances: [{browser: 'chromium'}],
          },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/tests/**/*.test.ts'],
          // The files that run in one process share the origins and the browser, see openSharedStage().
          isolate: false,
          // Python takes a minute to start beside something else that needs both cores.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: {poll: {timeout: 60_000}},
          maxWorkers: 2,
        },
      },
    ],
  },
});
