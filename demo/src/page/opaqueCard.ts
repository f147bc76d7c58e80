import {opaqueEntryBytes} from '@holdfast/service-worker/guard';
import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {element} from './element.ts';
import {formatBytes, formatCount} from './format.ts';
import {inWords} from './inWords.ts';
import {onWorkerEvent} from './workerEvents.ts';

const PICTURES = 5;

const PATIENCE_MS = 3000;

const refused = new Set<string>();

/** Counts the pages' clicks, so that no picture comes out of the browser's own memory. */
let round = 0;

const usage = async (): Promise<number> => (await navigator.storage.estimate()).usage ?? 0;

/** As any page would write it: without `crossorigin`, so the browser asks without CORS. */
const loadPicture = (src: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const picture = element('img', {alt: '', width: 32, height: 32});
    picture.onload = () => resolve(picture);
    picture.onerror = () => reject(new Error('A picture did not load: its host cannot be reached.'));
    picture.src = src;
  });

/** The worker stores or refuses after the page has its picture: waits until it has done so for all. */
const stored = async (urls: readonly string[]): Promise<number> => {
  const deadline = performance.now() + PATIENCE_MS;
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

const saved = (): string => formatBytes(PICTURES * opaqueEntryBytes(navigator.userAgent));

const tryHost = async (origin: string): Promise<string> => {
  round += 1;
  const urls = Array.from(
    {length: PICTURES},
    (_, index) => `${origin}/image.svg?picture=${round}-${index + 1}`,
  );
  const before = await usage();
  byId('opaque-pictures', HTMLElement).replaceChildren(...(await Promise.all(urls.map(loadPicture))));
  if (!navigator.serviceWorker?.controller) {
    return `The page has its ${PICTURES} pictures. The worker is off, so nobody stored anything.`;
  }
  const count = await stored(urls);
  const growth = (await usage()) - before;
  const grown = growth > 0 ? `Usage grew by ${formatBytes(growth)}.` : 'Usage did not grow.';
  return count === 0
    ? `The page has its ${PICTURES} pictures. All were refused, because they are opaque. ${grown} ` +
        `Stored, they would have taken about ${saved()} of this browser’s quota.`
    : `The page has its ${PICTURES} pictures. ${formatCount(count, 'picture')} stored, at their real size. ${grown}`;
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
      byId('opaque-status', HTMLElement).textContent = await tryHost(origin).catch(inWords);
    });
  };
  wire('opaque-load', noCors);
  wire('cors-load', cors);
};
