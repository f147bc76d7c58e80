import {outdated, pinOf} from '../pinRequest.ts';
import {beginFlight} from './beginFlight.ts';
import {fetchAsset} from './fetchAsset.ts';
import {placeOf} from './Place.ts';
import {reuse} from './reuse.ts';
import type {Outcome, Stage, Task} from './Stage.ts';
import {isSmall, type StagedAsset} from './StagedAsset.ts';
import {verifyPresent} from './verifyPresent.ts';

/**
 * Stages one asset: verifies it where it belongs, else copies it from another release that has the same bytes, else
 * fetches it.
 *
 * @throws the signal's reason.
 */
export const stageAsset = async (asset: StagedAsset, stage: Stage): Promise<Outcome> => {
  const {releases, line, version, evictionsSeen} = stage;
  const {key, file} = asset;
  const pin = pinOf(releases, key, line, version, evictionsSeen);
  const flight = await beginFlight(pin, stage);
  const place = placeOf(releases, pin, file, isSmall(asset) ? stage.puts : undefined);
  const task: Task = {stage, asset, pin, place, flight};
  // After an interruption, one of the requests that wait had better begin again.
  let isInterrupted = true;
  try {
    const reason = outdated(releases, pin);
    const outcome = reason
      ? {key, reason}
      : ((await verifyPresent(task)) ?? (await reuse(task)) ?? (await fetchAsset(task)));
    isInterrupted = typeof outcome !== 'string' && outcome.reason === 'body-incomplete';
    return outcome;
  } finally {
    flight.end(isInterrupted);
  }
};
