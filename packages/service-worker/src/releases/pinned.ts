import {clientUses, noteUse, useOf} from './clientUses.ts';
import {type CurrentVersions, changesSoFar, currentVersions} from './currentVersions.ts';
import {evictionsSoFar, isEvicted} from './evictions.ts';
import {cacheNameOf, releaseOf, type Scope} from './releaseOf.ts';

/** What a request holds on to from its beginning to its end, whatever is switched meanwhile. */
export interface Pin {
  key: string;
  line: string;
  version: string;
  cacheName: string;
  /** The evictions until then: later ones may concern it. */
  evictionsSeen: number;
}

/** A pin of a client's request. */
export interface ClientPin extends Pin {
  /** The URL has no version: what the server has there changes. */
  isMoving: boolean;
  /** Resolves when it will outlive the worker that the client uses the release. */
  noted: Promise<void> | undefined;
}

export const pin = (
  key: string,
  line: string,
  version: string,
  evictionsSeen: number = evictionsSoFar(),
): Pin => ({key, line, version, cacheName: cacheNameOf(line, version), evictionsSeen});

/** How things stood when a request came in. */
export interface Arrival {
  versions: Promise<CurrentVersions>;
  /** How often the current versions had changed. */
  changesSeen: number;
  evictionsSeen: number;
}

export const arrival = (): Arrival => ({
  versions: currentVersions(),
  changesSeen: changesSoFar(),
  evictionsSeen: evictionsSoFar(),
});

/**
 * The release that a request is answered from for as long as it runs. A client keeps the release that its URLs without
 * a version were answered from first, until it is gone or moves over.
 *
 * @param client the id of the client that asks; empty for none.
 * @returns `undefined` for a URL out of scope; `null` for one of a line that has no current version yet, so
 * that there is no release to answer it from.
 */
export const pinned = async (
  scope: Scope,
  key: string,
  client: string,
  {versions, changesSeen, evictionsSeen}: Arrival,
): Promise<ClientPin | null | undefined> => {
  const release = releaseOf(scope, key);
  if (!release) {
    return undefined;
  }
  const {line} = release;
  const isMoving = !release.version;
  const [current, uses] = await Promise.all([isMoving ? versions : undefined, clientUses()]);
  // Nothing is awaited from here on, so that no eviction comes between the choice and the note.
  const own = uses && useOf(uses, line, client);
  const version = release.version ?? own?.pinned ?? current?.get(line);
  if (version === undefined) {
    return null;
  }
  const made = pin(key, line, version, evictionsSeen);
  // What was chosen before a switch holds for this request. The next one may have moved over.
  const isPast = isEvicted(made) || (isMoving && changesSeen !== changesSoFar());
  const noted = client && uses && !isPast ? noteUse(uses, line, client, version, isMoving) : undefined;
  return Object.assign(made, {noted, isMoving});
};
