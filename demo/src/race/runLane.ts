import {messageOf} from '../page/messageOf.ts';
import {readOrigins} from '../readOrigins.ts';
import {drawLoading, drawState} from './drawLane.ts';
import {type LaneReport, report} from './laneReport.ts';
import {bytesOf, type RaceFile, type RaceSide, type RaceVersion, readRaceFiles} from './raceFiles.ts';

/** A file with its URL on the Hub, which redirects to a signed one. */
export interface LaneFile extends RaceFile {
  url: string;
}

/** What the two pages do differently. */
export interface Lane {
  side: RaceSide;
  /** Registers the worker, and resolves when it controls the page. */
  register(): Promise<unknown>;
  /** Brings all files of a version into memory. */
  load(version: RaceVersion, files: readonly LaneFile[], onBytes: (bytes: number) => void): Promise<unknown>;
  /** Deletes what the worker has stored, and unregisters it. */
  clear(): Promise<unknown>;
}

/** A chunk is read faster than its progress is drawn. */
const DRAW_EVERY_MS = 50;

const run = async ({side, register, load, clear}: Lane): Promise<LaneReport> => {
  const version = new URLSearchParams(location.search).get('version') as RaceVersion | null;
  const registered = register();
  // A later visit has its worker at once, while the browser may take seconds to register it again.
  if (!navigator.serviceWorker.controller?.scriptURL.endsWith(`/race/${side}/sw.js`)) {
    await registered;
  }
  if (version === null) {
    await clear();
    return {type: 'cleared'};
  }
  const bucket = `${readOrigins().hub}/buckets/race/${side}`;
  const files = (await readRaceFiles(version)).map((file) => ({
    ...file,
    url: `${bucket}/resolve/${file.path}`,
  }));
  let drawnAt = Number.NEGATIVE_INFINITY;
  const draw = (bytes: number): void => {
    if (performance.now() - drawnAt > DRAW_EVERY_MS) {
      drawnAt = performance.now();
      drawLoading(version, bytes, bytesOf(files));
    }
  };
  draw(0);
  await load(version, files, draw);
  return {type: 'loaded', version, bytes: bytesOf(files)};
};

/**
 * Runs a page of the race. `?version=v1` makes it load that version. Without a version, it deletes everything that it
 * has stored.
 */
export const runLane = async (lane: Lane): Promise<void> => {
  const outcome = await run(lane).catch((error): LaneReport => ({type: 'failed', message: messageOf(error)}));
  drawState(outcome);
  report(outcome);
};
