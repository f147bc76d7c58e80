import {changeRecords, readRecords} from '../records.ts';

/** Deletes what is known of all lines. */
export const clearRecords = async (): Promise<void> => {
  const kinds = ['line', 'cache', 'use', 'release'] as const;
  const known = (await Promise.all(kinds.map((kind) => readRecords(kind)))).flat();
  await changeRecords((change) => {
    for (const {line} of known) {
      change.deleteLine(line);
    }
  });
};
