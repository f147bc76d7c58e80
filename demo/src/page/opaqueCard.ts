import {opaqueEntryBytes} from '@holdfast/service-worker/guard';
import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {element} from './element.ts';
import {formatBytes, formatCount} from './format.ts';
import {messageOf} from './messageOf.ts';
import {onWorkerEvent} from './workerEvents.ts';

const PICTURES = 5;

const WAIT_MS = 3000;

const refused = new Set<string>();

/** The number of the click, so that no picture comes from the browser's memory cache. */
let round = 0;

const usage = async (): Promise<number> => (await navigator.storage.estimate()).usage ?? 0;

/** Loads a picture as any page does: without `crossorigin`, so that the browser sends a no-cors request. */
const loadPicture = (src: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const picture = element('img', {alt: '', width: 32, height: 32});
    picture.onload = () => resolve(picture);
    picture.onerror = () => reject(new Error('A picture failed to load: its host cannot be reached.'));
    picture.src = src;
  });

/**
 * Waits until the worker has stored or refused each picture, which it does after the page has it.
 *
 * @returns how many it stored.
 */
const stored = async (urls: readonly string[]): Promise<number> => {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const found = await Promise.all(urls.map((url) => caches.match(url)));
    const count = found.filter(Boolean).length;
    const decided = count + urls.filter((url) => refused.has(url)).length;
    if (decided >= urls.length || performance.now() > deadline) {
      return count;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const savedBytes = (): string => formatBytes(PICTURES * opaqueEntryBytes(navigator.userAgent));

const tryHost = async (origin: string): Promise<string> => {
  round += 1;
  const urls = Array.from(
    {length: PICTURES},
    (_, index) => `${origin}/image.svg?picture=${round}-${index + 1}`,
  );
  const before = await usage();
  byId('opaque-pictures', HTMLElement).replaceChildren(...(await Promise.all(urls.map(loadPicture))));
  if (!navigator.serviceWorker?.controller) {
    return `The page shows ${PICTURES} pictures. The worker is off, so nothing was stored.`;
  }
  const count = await stored(urls);
  const growth = (await usage()) - before;
  const grown = growth > 0 ? `Storage use grew by ${formatBytes(growth)}.` : 'Storage use did not grow.';
  return count === 0
    ? `The page shows ${PICTURES} pictures. All were refused, because they are opaque. ${grown} ` +
        `If stored, they would take about ${savedBytes()} of this browser’s quota.`
    : `The page shows ${PICTURES} pictures. ${formatCount(count, 'picture')} stored, at their real size. ${grown}`;
};

/** Sets up the experiment with opaque responses. */
export const setUpOpaqueCard = ({noCors, cors}: DemoOrigins): void => {
  onWorkerEvent((event) => {
    if (event.type === 'RESPONSE_REFUSED') {
      refused.add(event.payload.key);
    }
  });
  const wire = (id: string, origin: string): void => {
    byId(id, HTMLButtonElement).addEventListener('click', async () => {
      byId('opaque-status', HTMLElement).textContent = await tryHost(origin).catch(messageOf);
    });
  };
  wire('opaque-load', noCors);
  wire('cors-load', cors);
};
