import type {StoreFailure} from '../messages/protocol.ts';
import {useOf} from './ClientUses.ts';
import type {Snapshot} from './CurrentVersions.ts';
import type {Releases} from './Releases.ts';
import {cacheNameOf, releaseOf, type Scope} from './releaseOf.ts';

/** The release that a request belongs to from its beginning to its end, whatever is switched meanwhile. */
export interface Pin {
  key: string;
  line: string;
  version: string;
  cacheName: string;
  /** The evictions that were known by then: later ones may concern it. */
  evictionsSeen: number;
}

/** A pin of a client's request. */
export interface ClientPin extends Pin {
  /** Whether the URL has no version, so that what the server has there changes. */
  isMoving: boolean;
  /** Resolves when it will outlive the worker that the client uses the release. */
  noted: Promise<void> | undefined;
}

/** Pins an asset to a release. */
export const pinOf = (
  {evictions}: Releases,
  key: string,
  line: string,
  version: string,
  evictionsSeen: number = evictions.count,
): Pin => ({key, line, version, cacheName: cacheNameOf(line, version), evictionsSeen});

/** Tells why nothing of a pinned release may be stored any more, if so: what has changed since it was pinned. */
export const outdated = ({isTurnedOff, evictions, worker}: Releases, pin: Pin): StoreFailure | undefined =>
  isTurnedOff
    ? 'turned-off'
    : evictions.concern(pin)
      ? 'release-evicted'
      : worker.accounts?.isSignedOut(pin.key)
        ? 'signed-out'
        : undefined;

/** The state of things when a request came in. */
export interface Arrival {
  /** The client that asks; empty for none. */
  client: string;
  snapshot: Promise<Snapshot>;
  /** Those that were known by then; after {@link look}, also those of other workers. */
  evictionsSeen: number;
  /** Ends when it is known what other workers evicted before a new client came. */
  look: Promise<void> | undefined;
}

/** Takes the snapshot that decides for a request, whenever its key is asked for. */
export const arrival = ({currentVersions, evictions}: Releases, client: string): Arrival => {
  const look = currentVersions.look(client);
  const arrived: Arrival = {
    client,
    snapshot: look ? look.then(() => currentVersions.get()) : currentVersions.get(),
    evictionsSeen: evictions.count,
    look: look?.then(() => {
      arrived.evictionsSeen = evictions.count;
    }),
  };
  return arrived;
};

/**
 * Pins a request to a release, for as long as it runs. A client keeps the release from which its URLs without a version
 * were answered first, until it is gone or moves to another one.
 *
 * @returns `undefined` for a URL out of scope; `null` for one of a line without a current version, so that there is no
 *   release to answer it from.
 */
export const pinRequest = async (
  releases: Releases,
  scope: Scope,
  key: string,
  arrived: Arrival,
): Promise<ClientPin | null | undefined> => {
  const release = releaseOf(scope, key);
  if (!release) {
    return undefined;
  }
  const {client, snapshot, look} = arrived;
  const {line} = release;
  const isMoving = !release.version;
  const {clientUses, currentVersions, evictions} = releases;
  const [current, uses] = await Promise.all([isMoving ? snapshot : undefined, clientUses.get()]);
  // Nothing is awaited from here on, so that no eviction comes between the choice and the note.
  const own = uses && useOf(uses, line, client);
  const version = release.version || own?.pinned || current?.versions.get(line);
  if (version === undefined) {
    return null;
  }
  const pin = pinOf(releases, key, line, version, arrived.evictionsSeen);
  // A page does not wait for this look. It ends before anything is stored.
  if (look) {
    void look.then(() => {
      pin.evictionsSeen = arrived.evictionsSeen;
    });
  }
  // What was chosen before a switch holds for this request. The next one may belong to another release.
  const isPast = evictions.concern(pin) || (current && current.changes !== currentVersions.changes);
  const noted = client && uses && !isPast ? clientUses.note(line, client, version, isMoving) : undefined;
  return Object.assign(pin, {noted, isMoving});
};
