import {type AssetSource, followStages} from '@holdfast/window';
import {lineNameOf, type Release} from './content.ts';
import {fileName} from './format.ts';

/** How a file came into its release. */
export interface Arrival {
  from: AssetSource;
  /** As `performance.now()`. */
  at: number;
}

/**
 * Collects how the files of a release arrive, by their names, until its stage is done. The worker reports them on a
 * channel and answers on a port, so the answer may arrive before the last event.
 */
export const arrivals = (release: Release, signal: AbortSignal): Promise<ReadonlyMap<string, Arrival>> =>
  new Promise((resolve) => {
    const {version} = release;
    const arrived = new Map<string, Arrival>();
    const stages = followStages({line: lineNameOf(release), signal});
    stages.addEventListener('asset', ({detail}) => {
      const name = fileName(detail.key);
      // A worker that was restarted finds what was staged before.
      if (detail.version === version && !arrived.has(name)) {
        arrived.set(name, {from: detail.from, at: performance.now()});
      }
    });
    stages.addEventListener('progress', ({detail}) => {
      if (detail.version === version && detail.state === 'done') {
        resolve(arrived);
      }
    });
  });
