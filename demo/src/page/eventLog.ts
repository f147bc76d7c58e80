import type {
  AssetSource,
  IntegrityReason,
  Mismatch,
  Refusal,
  StoreFailure,
} from '@holdfast/service-worker/messages';
import {byId} from './byId.ts';
import {element} from './element.ts';
import {fileName, formatBytes, formatCount, formatTime} from './format.ts';
import {isProgress, onWorkerEvent, type ProgressEvent, type WorkerEvent} from './workerEvents.ts';

const MAX_ENTRIES = 15;

const MISMATCHES: Readonly<Record<Mismatch, string>> = {
  html: 'it is HTML, and its URL does not say so',
  'wrong-type': 'its media type does not fit its name',
  empty: 'it is empty',
  redirected: 'it was redirected to another page, such as one for signing in',
  endless: 'it is a stream that may have no end',
};

const FAILURES: Readonly<Record<StoreFailure, string>> = {
  ...MISMATCHES,
  'quota-exceeded': 'the browser has no room for it',
  'body-incomplete': 'the connection broke before the last byte',
  'integrity-failed': 'its size or digest is not the expected one',
  'release-evicted': 'its release was deleted in the meantime',
  'not-current': 'its URL has no version, and another release has become current',
  'kept-as-file': 'it is stored in the origin private file system',
  'redirected-code': 'it is code that was redirected to another folder, which breaks its imports',
  'turned-off': 'everything was turned off',
  private: "it is one account's alone",
  'signed-out': 'its account was signed out of',
  'over-budget': 'a budget has no room for it',
  'no-store': 'its host forbids to store it',
  refused: 'a plugin refused it',
  'storage-failed': 'the browser could not store it',
};

const REFUSALS: Readonly<Record<Refusal, string>> = {
  'no-store': 'its host forbids to store it',
  private: "it is one account's alone",
  ...MISMATCHES,
  opaque: 'the response is opaque, and the browser adds up to 14 MB of padding to each',
  status: 'it is not a complete, successful response',
  method: 'the request is not a GET',
  'no-room': 'the browser has no room for it',
};

const INTEGRITY_FAILURES: Readonly<Record<IntegrityReason, string>> = {
  'too-long': 'it is longer than expected',
  'too-short': 'it is shorter than expected',
  'wrong-digest': 'its digest is not the expected one',
  opaque: 'it is opaque, and cannot be read',
  status: 'it is not a complete response',
  unreadable: 'it cannot be read from the disk',
  'cannot-digest': 'the browser cannot compute its digest',
};

const SOURCES: Readonly<Record<AssetSource, string>> = {
  present: 'already stored',
  reused: 'reused from another release',
  fetched: 'downloaded',
};

type LoggedEvent = Exclude<WorkerEvent, ProgressEvent>;

/** A sentence for each event. Keys hold no signature, so they can be shown. */
const SENTENCES: {
  [Type in LoggedEvent['type']]: (payload: Extract<LoggedEvent, {type: Type}>['payload']) => string;
} = {
  ASSET_STORED: ({key, cacheName}) => `Stored ${fileName(key)} in ${cacheName}.`,
  ASSET_NOT_STORED: ({key, reason}) => `Did not store ${fileName(key)}: ${FAILURES[reason]}.`,
  VERSION_SWITCHED: ({line, version}) => `Switched ${line} to ${version}.`,
  RELEASES_EVICTED: ({line, evicted}) => `Evicted ${evicted.join(', ')} of ${line}.`,
  ASSET_STAGED: ({key, version, from, bytes}) =>
    `Verified ${fileName(key)} of ${version}: ${formatBytes(bytes)}, ${SOURCES[from]}.`,
  CACHES_DROPPED: ({dropped}) =>
    dropped.length > 0 ? `Deleted ${dropped.join(', ')}.` : 'No cache was left to delete.',
  SIGNED_IN: () => 'A page has signed in.',
  SIGNED_OUT: ({entries}) => `Signed out. Deleted ${formatCount(entries, 'file')}.`,
  STORAGE_CLEARED: ({entries, bytes}) => `Deleted ${formatCount(entries, 'file')}, ${formatBytes(bytes)}.`,
  STORAGE_PRESSURE: ({usage, quota}) =>
    `Storage is nearly full: ${formatBytes(usage)} of ${formatBytes(quota)} are used.`,
  RESPONSE_REFUSED: ({key, reason, status}) =>
    `Refused to store ${fileName(key)}${reason === 'status' ? ` (status ${status})` : ''}: ${REFUSALS[reason]}.`,
  QUOTA_EXCEEDED: ({usage, quota}) =>
    `The quota is exceeded: ${formatBytes(usage)} of ${formatBytes(quota)} are used.`,
  INTEGRITY_FAILED: ({key, reason}) => `${fileName(key)} is damaged: ${INTEGRITY_FAILURES[reason]}.`,
};

const sentence = ({type, payload}: LoggedEvent): string =>
  (SENTENCES[type] as (payload: unknown) => string)(payload);

/** Draws what the worker reports, the newest event last. */
export const setUpEventLog = (): void => {
  const log = byId('event-log', HTMLOListElement);
  onWorkerEvent((event) => {
    if (isProgress(event)) {
      return;
    }
    const item = element('li', {}, element('time', {}, formatTime(Date.now())), ` ${sentence(event)}`);
    item.dataset.type = event.type;
    log.append(item);
    while (log.childElementCount > MAX_ENTRIES) {
      log.firstElementChild?.remove();
    }
    byId('events-empty', HTMLElement).hidden = true;
  });
};
