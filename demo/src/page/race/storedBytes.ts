import type {RaceSide} from '../../race/raceFiles.ts';
import {cacheBytes} from '../cacheBytes.ts';

/** Returns the bytes of the model, in all of its versions, that a side has stored. */
export const storedBytes = async (side: RaceSide): Promise<number> => {
  const names = (await caches.keys()).filter((name) => name.startsWith(`race-${side}`));
  const sizes = await Promise.all(names.map(cacheBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
};
