import {type LineInfo, type ReleaseInfo, type ReleaseState, releases} from '@holdfast/window';
import {byId} from './byId.ts';
import {element} from './element.ts';
import {fileName, formatBytes} from './format.ts';
import {inWords} from './inWords.ts';
import {LARGE_FILE_CACHE} from './largeFile.ts';
import type {StoredLines} from './storedRelease.ts';

/** What follows from a release's state. */
const MEANING: Readonly<Record<ReleaseState, string>> = {
  current: '',
  previous: 'kept for a rollback',
  staged: 'whole, to be switched to',
  staging: 'not whole yet',
  other: 'a page asked for it',
};

const row = ({line, current}: LineInfo, release: ReleaseInfo | undefined): HTMLTableRowElement => {
  const {version, state, cacheName, entries, bytes}: ReleaseInfo = release ?? {
    version: current ?? '',
    state: 'current',
    cacheName: `${line}-${current}`,
    entries: 0,
    bytes: 0,
  };
  const made = element(
    'tr',
    {},
    element('th', {scope: 'row'}, cacheName),
    element('td', {}, element('span', {className: `state state-${state}`}, state), ` ${MEANING[state]}`),
    element('td', {className: 'number'}, String(entries)),
    element('td', {className: 'number'}, formatBytes(bytes)),
  );
  Object.assign(made.dataset, {cache: cacheName, version, state});
  return made;
};

/** Of a line that has no cache yet, or no more, only the current version is known. */
const rowsOf = (line: LineInfo): HTMLTableRowElement[] =>
  line.releases.length > 0 ? line.releases.map((release) => row(line, release)) : [row(line, undefined)];

const showUsage = async (): Promise<void> => {
  const {usage = 0, quota = 0} = await navigator.storage.estimate();
  byId('storage-usage', HTMLElement).textContent =
    `In all, this site uses ${formatBytes(usage)}. The browser says that it may use ${formatBytes(quota)}.`;
};

/** Of a large file that is not whole yet. The rest of the cache's name is the file's key. */
const PIECES_PREFIX = 'holdfast-large-files ';

/** Caches of pieces, and those that Holdfast did not make and never deletes. */
const showOthers = async (lines: StoredLines): Promise<void> => {
  const ofReleases = lines.flatMap((line) => line.releases.map(({cacheName}) => cacheName));
  // As long as a file is in pieces, the cache that it is for is empty, and of no release yet.
  const ours = new Set([...ofReleases, LARGE_FILE_CACHE]);
  const names = (await caches.keys()).filter((name) => !ours.has(name));
  const inPieces = names.filter((name) => name.startsWith(PIECES_PREFIX));
  const others = names.filter((name) => !inPieces.includes(name));
  const files = inPieces.map((name) => fileName(name.slice(PIECES_PREFIX.length)));
  byId('storage-pieces', HTMLElement).hidden = files.length === 0;
  byId('storage-pieces', HTMLElement).textContent = `In pieces, until it is whole: ${files.join(', ')}.`;
  byId('storage-others', HTMLElement).textContent =
    others.length > 0
      ? `Other caches of this site, which are not Holdfast’s and are never touched by it: ${others.join(', ')}.`
      : '';
};

/** Draws what is in which cache, and returns it. */
export const showStorage = async (): Promise<StoredLines> => {
  const isControlled = Boolean(navigator.serviceWorker?.controller);
  const empty = byId('storage-empty', HTMLElement);
  try {
    const lines = isControlled ? await releases() : [];
    byId('releases-rows', HTMLTableSectionElement).replaceChildren(...lines.flatMap(rowsOf));
    byId('releases', HTMLTableElement).hidden = lines.length === 0;
    empty.hidden = lines.length > 0;
    empty.textContent = isControlled
      ? 'No release is stored yet.'
      : 'No worker is there, so nothing is stored.';
    await Promise.all([showUsage(), showOthers(lines)]);
    return lines;
  } catch (error) {
    empty.hidden = false;
    empty.textContent = `This could not be found out: ${inWords(error)}`;
    return [];
  }
};
