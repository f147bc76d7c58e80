import {publicKey} from '../http/partition.ts';
import type {StorageUsage} from '../messages/protocol.ts';
import type {Ledger} from './Ledger.ts';

/** Returns what would be deleted first if room had to be made: a release, or a file; `null` where nothing may go. */
export const nextToGo = async (ledger: Ledger): Promise<StorageUsage['next']> => {
  const [victim = []] = await ledger.nextVictim();
  const [first] = victim;
  const isFile = first?.line === undefined;
  return first
    ? {
        release: isFile ? null : first.cacheName,
        key: isFile ? publicKey(first.key) : null,
        entries: victim.length,
        bytes: victim.reduce((sum, {bytes}) => sum + bytes, 0),
      }
    : null;
};
