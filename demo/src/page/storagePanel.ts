import {type LineInfo, type ReleaseInfo, type ReleaseState, releases} from '@holdfast/window';
import {byId} from './byId.ts';
import {cacheBytes} from './cacheBytes.ts';
import {cacheNameOf} from './cacheNameOf.ts';
import {element} from './element.ts';
import {fileName, formatBytes} from './format.ts';
import {LARGE_FILE_CACHE} from './largeFile.ts';
import {messageOf} from './messageOf.ts';
import {isOfRace} from './race/isOfRace.ts';
import type {StoredLines} from './storedRelease.ts';

/** What a release's state means. */
const MEANING: Readonly<Record<ReleaseState, string>> = {
  current: '',
  previous: 'kept for a rollback',
  staged: 'complete, ready to switch to',
  staging: 'not complete yet',
  other: 'loaded by a page',
};

const row = ({line, current}: LineInfo, release: ReleaseInfo | undefined): HTMLTableRowElement => {
  const {version, state, cacheName, entries, bytes}: ReleaseInfo = release ?? {
    version: current ?? '',
    state: 'current',
    cacheName: cacheNameOf(line, String(current)),
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

/** A line without a cache has only a current version. */
const rowsOf = (line: LineInfo): HTMLTableRowElement[] =>
  line.releases.length > 0 ? line.releases.map((release) => row(line, release)) : [row(line, undefined)];

/**
 * How the names of caches begin that hold the pieces of an incomplete file. They end in a space and the
 * file's key.
 */
const PIECES_PREFIX = 'holdfast-pieces ';

/** Draws the caches of pieces, and those that are not Holdfast's. The race's workers look after theirs. */
const showOthers = async (lines: StoredLines): Promise<void> => {
  const ofReleases = lines.flatMap((line) => line.releases.map(({cacheName}) => cacheName));
  // While a file is in pieces, the cache that it belongs in is empty, and not listed as a release.
  const ours = new Set([...ofReleases, LARGE_FILE_CACHE]);
  const names = (await caches.keys()).filter((name) => !ours.has(name) && !isOfRace(name));
  const inPieces = names.filter((name) => name.startsWith(PIECES_PREFIX));
  const others = names.filter((name) => !inPieces.includes(name));
  const files = await Promise.all(
    inPieces.map(async (name) => {
      const file = fileName(name.slice(name.lastIndexOf(' ') + 1));
      return `${file} (${formatBytes(await cacheBytes(name))})`;
    }),
  );
  byId('storage-pieces', HTMLElement).hidden = files.length === 0;
  byId('storage-pieces', HTMLElement).textContent = `Incomplete, stored in pieces: ${files.join(', ')}.`;
  byId('storage-others', HTMLElement).textContent =
    others.length > 0 ? `Other caches of this site, which Holdfast never deletes: ${others.join(', ')}.` : '';
};

/**
 * Draws what each cache holds.
 *
 * @returns it; `undefined` if the worker did not answer, so that nothing new is known.
 */
export const showStorage = async (): Promise<StoredLines | undefined> => {
  const isControlled = Boolean(navigator.serviceWorker?.controller);
  const empty = byId('storage-empty', HTMLElement);
  try {
    const lines = isControlled ? await releases() : [];
    byId('releases-rows', HTMLTableSectionElement).replaceChildren(...lines.flatMap(rowsOf));
    byId('releases', HTMLTableElement).hidden = lines.length === 0;
    empty.hidden = lines.length > 0;
    empty.textContent = isControlled
      ? 'No release is stored yet.'
      : 'There is no worker, so nothing is stored.';
    await showOthers(lines);
    return lines;
  } catch (error) {
    empty.hidden = false;
    empty.textContent = `The list is not available: ${messageOf(error)}`;
    return undefined;
  }
};
