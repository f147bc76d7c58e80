import {type Entry, type Group, groupsOf, idOf, type Place} from './Entry.ts';
import type {Stock, Total} from './Stock.ts';

/**
 * Returns what is deleted so that a group holds less: whole releases, and then files that belong to none; each the one
 * first that was not used for longest.
 *
 * @param missing by how much less.
 * @param mayGo tells whether nothing needs a file, or its release.
 * @param reason what the room is for. Nothing of its own release is deleted for it.
 * @returns the files of each release, and single files; `undefined` where all of that together is not enough: then
 *   nothing is deleted.
 */
export const planVictims = (
  stock: Stock,
  group: Group,
  missing: Total,
  mayGo: (entry: Entry) => boolean,
  reason?: Place,
): Entry[][] | undefined => {
  const victims: Entry[][] = [];
  let {bytes, entries} = missing;
  const isEnough = (): boolean => !(bytes > 0 || entries > 0);
  const take = (victim: Entry[]): void => {
    victims.push(victim);
    bytes -= victim.reduce((sum, entry) => sum + entry.bytes, 0);
    entries -= victim.length;
  };
  for (const release of stock.releases()) {
    const isItself = release[0]?.cacheName === reason?.cacheName;
    if (
      !isEnough() &&
      !isItself &&
      release.every((entry) => groupsOf(entry).includes(group) && mayGo(entry))
    ) {
      take(release);
    }
  }
  for (const entry of stock.files()) {
    if (isEnough()) {
      break;
    }
    const isItself = reason && idOf(reason) === idOf(entry);
    if (!isItself && groupsOf(entry).includes(group) && mayGo(entry)) {
      take([entry]);
    }
  }
  return isEnough() ? victims : undefined;
};
