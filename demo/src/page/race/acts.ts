import type {RaceVersion} from '../../race/raceFiles.ts';
import {formatBytes} from '../format.ts';
import type {RaceModel} from './raceModel.ts';

/** One visit of the page, and what happens to its connection. */
export interface Act {
  title: string;
  version: RaceVersion;
  connection: 'steady' | 'cut-once' | 'down';
  /** Says what happens. */
  explain(model: RaceModel): string;
}

export const ACTS: readonly Act[] = [
  {
    title: 'First visit',
    version: 'v1',
    connection: 'cut-once',
    explain: ({totalBytes}) =>
      `${formatBytes(totalBytes)}. The connection is cut once, at 90 % of the largest file.`,
  },
  {
    title: 'Second visit',
    version: 'v1',
    connection: 'steady',
    explain: () => 'The same version again.',
  },
  {
    title: 'New version',
    version: 'v2',
    connection: 'steady',
    explain: ({changedBytes, totalBytes}) =>
      `Only ${formatBytes(changedBytes)} of the ${formatBytes(totalBytes)} have changed.`,
  },
  {
    title: 'Offline',
    version: 'v2',
    connection: 'down',
    explain: () => 'No request gets an answer.',
  },
];
