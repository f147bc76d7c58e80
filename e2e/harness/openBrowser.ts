import {rmSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type BrowserContext, type CDPSession, chromium} from 'playwright';
import {CHROMIUM_ARGS} from '../browser/chromiumArgs.ts';
import {findChromium} from '../browser/findChromium.ts';

/** A Chromium with a profile on the disk, and what tests do to it. */
export interface Browser {
  readonly context: BrowserContext;
  /** Whether it is running: it was not closed, and has not crashed. */
  readonly isOpen: boolean;
  /** Cuts pages and workers off the network. */
  setOffline(offline: boolean): Promise<void>;
  /** Kills each service worker, as the browser itself may at any moment. */
  killWorkers(): Promise<void>;
  /** Empties the HTTP cache, so that requests that do not go out are answered by the worker. */
  clearHttpCache(): Promise<void>;
  /** Deletes everything that an origin has stored, with its workers. */
  clearSite(origin: string): Promise<void>;
  /** Limits the bytes of an origin; `undefined` removes the limit. */
  setQuota(origin: string, bytes: number | undefined): Promise<void>;
  /** Sets the answer to `navigator.storage.persist()` of an origin. */
  setPersistence(origin: string, setting: 'granted' | 'denied'): Promise<void>;
  /** Closes the browser and opens it again with the same profile. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A busy machine is slow, not wrong. */
const WAITS_FOR_MS = 120_000;

const launch = async (profile: string, args: readonly string[]): Promise<BrowserContext> => {
  const executablePath = findChromium();
  const context = await chromium.launchPersistentContext(profile, {
    args: [...CHROMIUM_ARGS, ...args],
    headless: true,
    ...(executablePath ? {executablePath} : {}),
  });
  context.setDefaultTimeout(WAITS_FOR_MS);
  return context;
};

/** Opens a session of the DevTools protocol on the first page, which tests do not close. */
const openSession = async (context: BrowserContext): Promise<CDPSession> =>
  context.newCDPSession(context.pages()[0] ?? (await context.newPage()));

/** Kills the running worker. There must be one: the browser reports no stop of another. */
const killWorkers = async (session: CDPSession): Promise<void> => {
  const running = new Set<string>();
  let isStopping = false;
  let onUpdate: () => void = () => undefined;
  session.on('ServiceWorker.workerVersionUpdated', ({versions}) => {
    for (const {versionId, runningStatus} of versions) {
      if (runningStatus === 'stopped') {
        running.delete(versionId);
      } else if (!isStopping) {
        // After that, it is another life: a worker that owes an answer is started again at once.
        running.add(versionId);
      }
    }
    onUpdate();
  });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        onUpdate = resolve;
      });
    }
  };
  await session.send('ServiceWorker.enable');
  await until(() => running.size > 0);
  isStopping = true;
  await session.send('ServiceWorker.stopAllWorkers');
  await until(() => running.size === 0);
  await session.detach();
};

/** @param args see `origins.chromiumArgs`. */
export const openBrowser = async (args: readonly string[]): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), 'holdfast-profile-'));
  let context = await launch(profile, args);
  let session = await openSession(context);
  let closed = false;
  const watch = (): void => {
    closed = false;
    const watched = context;
    watched.once('close', () => {
      closed ||= watched === context;
    });
  };
  watch();
  // Playwright ends the browser first, since it was asked before.
  const deleteProfile = (): void => rmSync(profile, {recursive: true, force: true, maxRetries: 3});
  process.once('exit', deleteProfile);

  return {
    get context() {
      return context;
    },
    get isOpen() {
      return !closed;
    },
    setOffline: (offline) => context.setOffline(offline),
    killWorkers: async () => killWorkers(await openSession(context)),
    clearHttpCache: async () => {
      await session.send('Network.clearBrowserCache');
    },
    clearSite: async (origin) => {
      // A put into a deleted cache may never end. As long as its event lasts, the worker stays, and the next one waits.
      const workers = await openSession(context);
      await workers.send('ServiceWorker.enable');
      await workers.send('ServiceWorker.stopAllWorkers');
      await workers.detach();
      await session.send('Storage.clearDataForOrigin', {origin, storageTypes: 'all'});
    },
    setQuota: async (origin, bytes) => {
      await session.send('Storage.overrideQuotaForOrigin', {
        origin,
        ...(bytes === undefined ? {} : {quotaSize: bytes}),
      });
    },
    setPersistence: async (origin, setting) => {
      await session.send('Browser.setPermission', {
        origin,
        permission: {name: 'persistent-storage'},
        setting,
      });
    },
    restart: async () => {
      await context.close();
      context = await launch(profile, args);
      session = await openSession(context);
      watch();
    },
    close: async () => {
      await context.close();
      process.off('exit', deleteProfile);
      await rm(profile, {recursive: true, force: true});
    },
  };
};
