import type {Refusal} from '@holdfast/service-worker/guard/events.js';
import type {StoreFailure} from '@holdfast/service-worker/releases/events.js';
import type {AssetSource} from '@holdfast/window';
import {byId} from './byId.ts';
import {element} from './element.ts';
import {fileName, formatBytes, formatTime} from './format.ts';
import {isProgress, onWorkerEvent, type WorkerEvent, type WorkerProgress} from './workerEvents.ts';

const KEPT = 15;

const FAILURES: Readonly<Record<StoreFailure, string>> = {
  'quota-exceeded': 'the browser has no room for it',
  'body-incomplete': 'the connection broke before the last byte',
  'integrity-failed': 'it is not what its release promises',
  'release-evicted': 'its release was deleted meanwhile',
  'not-current': 'its URL has no version, and another release is current by now',
  'kept-as-file': 'it is kept as a file',
  'redirected-code': 'it was redirected to another folder, which its imports count on',
  'turned-off': 'everything has been turned off',
  'storage-failed': 'the browser’s storage refused it',
};

const REFUSALS: Readonly<Record<Refusal, string>> = {
  opaque: 'the response is opaque, and each of those takes up to 14 MB of padding',
  status: 'it is not a complete, successful answer',
  'no-room': 'the browser has no room for it',
};

const ARRIVALS: Readonly<Record<AssetSource, string>> = {
  present: 'was there already',
  'carried-over': 'was copied from another release',
  fetched: 'was downloaded',
};

type ToldEvent = Exclude<WorkerEvent, WorkerProgress>;

/** A sentence for each event. Keys hold no signature, so they may be shown. */
const SENTENCES: {
  [Type in ToldEvent['type']]: (payload: Extract<ToldEvent, {type: Type}>['payload']) => string;
} = {
  ASSET_STORED: ({key, cacheName}) => `Stored ${fileName(key)} in ${cacheName}.`,
  ASSET_NOT_STORED: ({key, reason}) => `Did not store ${fileName(key)}: ${FAILURES[reason]}.`,
  VERSION_SWITCHED: ({line, version}) => `Switched ${line} to ${version}.`,
  RELEASES_EVICTED: ({line, evicted}) => `Deleted the cache of ${evicted.join(', ')} of ${line}.`,
  ASSET_STAGED: ({key, version, from, bytes}) =>
    `Verified ${fileName(key)} of ${version}: ${formatBytes(bytes)}. It ${ARRIVALS[from]}.`,
  CACHES_DROPPED: ({dropped}) => `Deleted ${dropped.join(', ') || 'no cache: there was none'}.`,
  RESPONSE_REFUSED: ({key, reason, status}) =>
    `Refused to store ${fileName(key)}${reason === 'status' ? ` (status ${status})` : ''}: ${REFUSALS[reason]}.`,
  QUOTA_EXCEEDED: ({usage, quota}) =>
    `No room is left: ${formatBytes(usage)} of ${formatBytes(quota)} are used.`,
};

const sentence = ({type, payload}: ToldEvent): string =>
  (SENTENCES[type] as (payload: unknown) => string)(payload);

/** Draws what the worker tells, the newest at the end. */
export const setUpEventLog = (): void => {
  const log = byId('event-log', HTMLOListElement);
  onWorkerEvent((event) => {
    if (isProgress(event)) {
      return;
    }
    const item = element('li', {}, element('time', {}, formatTime(Date.now())), ` ${sentence(event)}`);
    item.dataset.type = event.type;
    log.append(item);
    while (log.childElementCount > KEPT) {
      log.firstElementChild?.remove();
    }
    byId('events-empty', HTMLElement).hidden = true;
  });
};
