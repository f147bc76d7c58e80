import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type BrowserContext, type CDPSession, chromium} from 'playwright';
import {CHROMIUM_ARGS} from '../browser/chromiumArgs.ts';
import {findChromium} from '../browser/findChromium.ts';

/** A Chromium with a profile on the disk, as a user has it, and what tests do to it. */
export interface Browser {
  readonly context: BrowserContext;
  /** Takes the network away from pages and workers alike. */
  setOffline(offline: boolean): Promise<void>;
  /** Ends every service worker where it stands, as the browser itself may at any moment. */
  killWorkers(): Promise<void>;
  /** Empties the HTTP cache, so that what does not go out was answered by the worker. */
  clearHttpCache(): Promise<void>;
  /** Deletes everything that an origin has stored, its workers included. */
  clearSite(origin: string): Promise<void>;
  /** Lets an origin have only so many bytes, or again what the browser would give it. */
  setQuota(origin: string, bytes: number | undefined): Promise<void>;
  /** Decides what `navigator.storage.persist()` of an origin is answered. */
  setPersistence(origin: string, setting: 'granted' | 'denied'): Promise<void>;
  /** Closes the browser and opens it again with the same profile. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

const launch = (profile: string, args: readonly string[]): Promise<BrowserContext> => {
  const executablePath = findChromium();
  return chromium.launchPersistentContext(profile, {
    args: [...CHROMIUM_ARGS, ...args],
    headless: true,
    ...(executablePath ? {executablePath} : {}),
  });
};

/** A page of its own for the commands of the DevTools protocol, so that tests may close theirs. */
const openSession = async (context: BrowserContext): Promise<CDPSession> =>
  context.newCDPSession(context.pages()[0] ?? (await context.newPage()));

/** Needs a running worker: of one that is not, the browser does not tell that it has stopped. */
const killWorkers = async (session: CDPSession): Promise<void> => {
  const running = new Set<string>();
  let isStopping = false;
  let told: () => void = () => undefined;
  session.on('ServiceWorker.workerVersionUpdated', ({versions}) => {
    for (const {versionId, runningStatus} of versions) {
      if (runningStatus === 'stopped') {
        running.delete(versionId);
      } else if (!isStopping) {
        // After that it is the next life: a worker that owes an answer is started again at once.
        running.add(versionId);
      }
    }
    told();
  });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        told = resolve;
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

/** @param args what the origins need, see `origins.chromiumArgs`. */
export const openBrowser = async (args: readonly string[]): Promise<Browser> => {
  const profile = await mkdtemp(join(tmpdir(), 'holdfast-profile-'));
  let context = await launch(profile, args);
  let session = await openSession(context);

  return {
    get context() {
      return context;
    },
    setOffline: (offline) => context.setOffline(offline),
    killWorkers: async () => killWorkers(await openSession(context)),
    clearHttpCache: async () => {
      await session.send('Network.clearBrowserCache');
    },
    clearSite: async (origin) => {
      // What a worker is about to put into a cache that is deleted may never end, and as long as the event lasts in which it
      // does so the worker stays, and the next one waits for it.
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
    },
    close: async () => {
      await context.close();
      await rm(profile, {recursive: true, force: true});
    },
  };
};
