import type {LaneReport} from '../../race/laneReport.ts';
import type {RaceSide, RaceVersion} from '../../race/raceFiles.ts';
import {trafficOf} from './connection.ts';
import type {Figures} from './figures.ts';
import {openLane} from './openLane.ts';

/** A side of the race, and the frame that shows its page. */
export interface Racer {
  side: RaceSide;
  frame: HTMLIFrameElement;
}

/** A user gives up after that. */
const MAX_RELOADS = 2;

const DRAW_EVERY_MS = 150;

/** How long the server may take to log the last bytes of an answer. */
const LOGGED_WITHIN_MS = 300;

const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Deletes what an earlier race has stored on a side, and its worker. */
export const clearLane = async ({frame, side}: Racer): Promise<void> => {
  const registration = await navigator.serviceWorker.getRegistration(`/race/${side}/`);
  if (!registration?.scope.endsWith(`/race/${side}/`)) {
    return;
  }
  const outcome = await openLane(frame, `/race/${side}/`);
  if (outcome.type === 'failed') {
    throw new Error(outcome.message);
  }
};

/**
 * Opens the page of a side, and again if it fails, as a user does.
 *
 * @param onFigures is called with the figures so far, and with the final ones.
 */
export const visit = async (
  {frame, side}: Racer,
  version: RaceVersion,
  onFigures: (figures: Figures) => void,
): Promise<void> => {
  const before = await trafficOf(side);
  const started = performance.now();
  let reloads = 0;
  let ended: {state: Figures['state']; at: number} | undefined;

  const measure = async (): Promise<void> => {
    const {bytes, requests} = await trafficOf(side);
    onFigures({
      state: ended?.state ?? 'running',
      bytes: bytes - before.bytes,
      requests: requests - before.requests,
      seconds: ((ended?.at ?? performance.now()) - started) / 1000,
      reloads,
    });
  };
  const measureUntilEnd = async (): Promise<void> => {
    while (!ended) {
      await measure();
      await wait(DRAW_EVERY_MS);
    }
  };
  const measuring = measureUntilEnd();

  const open = (): Promise<LaneReport> => openLane(frame, `/race/${side}/?version=${version}`);
  let outcome = await open();
  while (outcome.type === 'failed' && reloads < MAX_RELOADS) {
    reloads += 1;
    outcome = await open();
  }
  ended = {state: outcome.type === 'loaded' ? 'loaded' : 'failed', at: performance.now()};
  await measuring;
  await wait(LOGGED_WITHIN_MS);
  await measure();
};
