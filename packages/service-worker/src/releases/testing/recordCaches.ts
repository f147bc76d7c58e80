import {changeRecords} from '../records.ts';

/** Records that releases of a line have caches, as a worker does before it makes them. */
export const recordCaches = (line: string, ...versions: string[]): Promise<void> =>
  changeRecords((change) => {
    for (const version of versions) {
      change.put('cache', {line, version});
    }
  });
