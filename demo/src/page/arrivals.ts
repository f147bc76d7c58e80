import type {AssetSource} from '@holdfast/window';
import {fileName} from './format.ts';
import {onWorkerEvent} from './workerEvents.ts';

/** How a file has come into its release. */
export interface Arrival {
  from: AssetSource;
  /** As `performance.now()`. */
  at: number;
}

/**
 * Hears how the files of a release come in, by their names, until its stage is done. (The worker tells it on a channel
 * and answers on a port: the answer may be here before the last of the events.)
 */
export const arrivals = (
  {line, version}: {line: string; version: string},
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Arrival>> =>
  new Promise((resolve) => {
    const isMeant = (payload: {line: string; version: string}): boolean =>
      payload.line === line && payload.version === version;
    const heard = new Map<string, Arrival>();
    onWorkerEvent(({type, payload}) => {
      if (type === 'ASSET_STAGED' && isMeant(payload)) {
        const name = fileName(payload.key);
        // A worker that follows one that was killed finds what that one brought in.
        heard.set(name, heard.get(name) ?? {from: payload.from, at: performance.now()});
      } else if (type === 'STAGE_PROGRESS' && isMeant(payload) && payload.state === 'done') {
        resolve(heard);
      }
    }, signal);
  });
