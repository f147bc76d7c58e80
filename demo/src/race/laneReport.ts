import type {RaceVersion} from './raceFiles.ts';

/** What a page of the race reports to the page that it is a frame of. */
export type LaneReport =
  | {type: 'loaded'; version: RaceVersion; bytes: number}
  | {type: 'failed'; message: string}
  | {type: 'cleared'};

export const report = (outcome: LaneReport): void => parent.postMessage(outcome, location.origin);
